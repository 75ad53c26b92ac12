/** Listings over a made-up world, given out page by page. */

import type {
  AppError,
  ListingRow,
  ListingStatus,
  RowWindow,
  SortColumn,
} from "../../contract/types";
import type { Stored } from "./world";

export type View = { sort: SortColumn; descending: boolean; filter: string };

/** The rows of a prefix: folders and objects directly below it. */
export function rowsBelow(objects: readonly Stored[], prefix: string): ListingRow[] {
  const folders = new Set<string>();
  const rows: ListingRow[] = [];
  for (const object of objects.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    if (!object.key.startsWith(prefix)) continue;
    const slash = object.key.indexOf("/", prefix.length);
    if (slash < 0) rows.push(objectRow(object));
    else {
      const folder = object.key.slice(0, slash + 1);
      if (!folders.has(folder)) rows.push(folderRow(folder));
      folders.add(folder);
    }
  }
  return rows;
}

function objectRow(object: Stored): ListingRow {
  const { key, size, modified, etag, storageClass } = object;
  return { kind: "object", key, size, modified, etag, storageClass, versionId: null };
}

function folderRow(key: string): ListingRow {
  const none = { modified: null, etag: null, storageClass: null, versionId: null };
  return { kind: "prefix", key, size: 0, ...none };
}

function nameOf(row: ListingRow): string {
  return row.key.split("/").findLast((part) => part !== "") ?? row.key;
}

const WEIGHT: Readonly<Record<SortColumn, (row: ListingRow) => number | string>> = {
  name: nameOf,
  size: (row) => row.size,
  modified: (row) => row.modified ?? 0,
  storageClass: (row) => row.storageClass ?? "",
};

/** One open listing; `step` gives out the next page. */
export class MemoryListing {
  readonly id: string;
  private readonly all: readonly ListingRow[];
  private readonly pageSize: number;
  private readonly failure: { after: number; error: AppError } | undefined;
  private given = 0;
  private view: View = { sort: "name", descending: false, filter: "" };
  private order: ListingRow[] = [];
  private now: Omit<ListingStatus, "id">;

  constructor(
    id: string,
    all: readonly ListingRow[],
    pageSize: number,
    failure?: { after: number; error: AppError },
  ) {
    this.id = id;
    this.all = all;
    this.pageSize = pageSize;
    this.failure = failure;
    const counts = { rows: 0, total: 0, prefixes: 0, bytes: 0, requests: 0, elapsedMs: 0, undecodable: 0 };
    this.now = { phase: "running", ...counts, revision: 1, error: null };
  }

  get status(): ListingStatus {
    return { id: this.id, ...this.now };
  }

  /** Gives out a page; false when there are no more. */
  step(): boolean {
    if (this.now.phase !== "running") return false;
    if (this.failure && this.now.requests >= this.failure.after) {
      this.change({ phase: "failed", error: this.failure.error });
      return false;
    }
    this.given = Math.min(this.all.length, this.given + this.pageSize);
    this.arrange();
    const shown = this.all.slice(0, this.given);
    this.change({
      requests: this.now.requests + 1,
      elapsedMs: this.now.elapsedMs + 38,
      total: this.given,
      prefixes: shown.filter((row) => row.kind === "prefix").length,
      bytes: shown.reduce((sum, row) => sum + row.size, 0),
      phase: this.given >= this.all.length ? "complete" : "running",
    });
    return this.now.phase === "running";
  }

  show(view: View): ListingStatus {
    this.view = view;
    this.arrange();
    this.change({});
    return this.status;
  }

  cancel(): void {
    if (this.now.phase === "running") this.change({ phase: "cancelled" });
  }

  window(start: number, len: number): RowWindow {
    const rows = this.order.slice(start, start + Math.min(len, 500));
    return { revision: this.now.revision, start, rows };
  }

  position(key: string): number | null {
    const at = this.order.findIndex((row) => row.key === key);
    return at < 0 ? null : at;
  }

  find(from: number, text: string): number | null {
    const wanted = text.toLowerCase();
    for (let step = 0; step < this.order.length; step += 1) {
      const at = (from + step) % this.order.length;
      const row = this.order[at];
      if (row && nameOf(row).toLowerCase().startsWith(wanted)) return at;
    }
    return null;
  }

  private arrange(): void {
    const { sort, descending, filter } = this.view;
    const weight = WEIGHT[sort];
    const sign = descending ? -1 : 1;
    this.order = this.all
      .slice(0, this.given)
      .filter((row) => nameOf(row).toLowerCase().includes(filter.toLowerCase()))
      .toSorted((a, b) => {
        if (a.kind !== b.kind) return a.kind === "prefix" ? -1 : 1;
        const [x, y] = [weight(a), weight(b)];
        return (x < y ? -1 : x > y ? 1 : 0) * sign || (a.key < b.key ? -1 : 1);
      });
    this.now = { ...this.now, rows: this.order.length };
  }

  private change(change: Partial<Omit<ListingStatus, "id">>): void {
    this.now = { ...this.now, ...change, revision: this.now.revision + 1 };
  }
}
