/**
 * An open listing as the page sees it: its status, and the rows that some view asked for.
 *
 * The engine holds the rows. Windows of them are kept here by position, each with the revision it
 * belongs to; one of an older revision is still drawn until the present one arrives, so that a
 * listing that grows does not flicker. What a row is must never be taken from its position.
 */

import type { AppError, ListingRow, ListingStatus, SortColumn } from "../contract/types";
import { appErrorOf, host } from "../host/host";
import { onListingStatus, onSnapshot } from "./events";
import { createStore, type Store } from "./store";

export type ListingPlace = { session: string; bucket: string; prefix: string };
export type ListingView = { sort: SortColumn; descending: boolean; filter: string };

export const FIRST_VIEW: ListingView = { sort: "name", descending: false, filter: "" };

/** Rows in a window: a few screens, and less than the engine's limit of 500. */
const WINDOW = 200;
/** Windows kept: twenty thousand rows, some megabytes. */
const KEPT_WINDOWS = 100;

type Window = { revision: number; rows: readonly ListingRow[] };

export type ListingState = {
  /** None until the engine opened it. */
  status: ListingStatus | undefined;
  /** Why it could not be opened, or is not there any more. */
  error: AppError | undefined;
  /** Changes whenever rows arrive. */
  arrivals: number;
};

/** Whether the first of two statuses of one listing is the later one. */
export function isLater(a: ListingStatus, b: ListingStatus): boolean {
  if (a.revision !== b.revision) return a.revision > b.revision;
  if (a.requests !== b.requests) return a.requests > b.requests;
  return b.phase === "running";
}

export class Listing {
  readonly place: ListingPlace;
  readonly state: Store<ListingState> = createStore<ListingState>({
    status: undefined,
    error: undefined,
    arrivals: 0,
  });

  private readonly windows = new Map<number, Window>();
  private readonly asked = new Set<number>();
  private readonly early = new Map<string, ListingStatus>();
  private readonly stops: (() => void)[];
  private view: ListingView;
  private showing: Promise<void> = Promise.resolve();
  private closed = false;

  /** Begins to list at once; failures are in the state. */
  constructor(place: ListingPlace, view: ListingView) {
    this.place = place;
    this.view = view;
    this.stops = [
      onListingStatus((status) => this.hear(status)),
      onSnapshot(() => void this.askStatus()),
    ];
    void this.open();
  }

  get status(): ListingStatus | undefined {
    return this.state.get().status;
  }

  /** The row at a position, as far as it is here; it may be of an earlier revision. */
  rowAt(position: number): ListingRow | undefined {
    return this.windows.get(Math.floor(position / WINDOW))?.rows[position % WINDOW];
  }

  /** Asks for rows `first..end` where they are missing or stale. */
  want(first: number, end: number): void {
    const { status } = this;
    if (!status || this.closed) return;
    const stop = Math.min(end, status.rows);
    for (let at = Math.floor(first / WINDOW); at * WINDOW < stop; at += 1) {
      if (this.windows.get(at)?.revision !== status.revision) void this.fetchWindow(at);
    }
  }

  /** Rows `start..start + len` of the present order, straight from the engine. */
  async rows(start: number, len: number): Promise<readonly ListingRow[]> {
    const { status } = this;
    if (!status) return [];
    return (await host().call("listing_rows", { id: status.id, start, len })).rows;
  }

  /** Where a key is now; null when it is not there (yet). */
  async position(key: string): Promise<number | null> {
    const { status } = this;
    return status ? host().call("listing_position", { id: status.id, key }) : null;
  }

  /** The next row at or after a position whose name starts so. */
  async find(from: number, text: string): Promise<number | null> {
    const { status } = this;
    return status ? host().call("listing_find", { id: status.id, from, text }) : null;
  }

  /** The filter that was last asked for. */
  get filter(): string {
    return this.view.filter;
  }

  /** Waits until the rows are those of the last order and filter, or an error says otherwise. */
  settled(): Promise<void> {
    return this.showing;
  }

  /** Orders and filters anew. */
  show(view: ListingView): Promise<void> {
    this.view = view;
    this.showing = this.askToShow(view);
    return this.showing;
  }

  /** Stops the pages; what came stays. */
  async cancel(): Promise<void> {
    const { status } = this;
    if (status) await host().call("listing_cancel", { id: status.id });
  }

  /** Closes it on both sides. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const stop of this.stops) stop();
    this.windows.clear();
    if (this.status) void forget(this.status.id);
  }

  private async open(): Promise<void> {
    try {
      const status = await host().call("listing_open", this.place);
      if (this.closed) return void forget(status.id);
      const early = this.early.get(status.id);
      this.early.clear();
      this.update({ status: early && isLater(early, status) ? early : status });
      const { sort, descending, filter } = this.view;
      if (sort !== "name" || descending || filter !== "") await this.show(this.view);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private async askToShow(view: ListingView): Promise<void> {
    const { status } = this;
    if (!status) return;
    try {
      const { id } = status;
      this.hear(await host().call("listing_show", { id, ...view }));
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private hear(status: ListingStatus): void {
    if (this.closed) return;
    const known = this.status;
    // The engine may speak of a listing before the page has heard its id.
    if (!known) this.early.set(status.id, status);
    else if (known.id === status.id && isLater(status, known)) this.update({ status });
  }

  private async askStatus(): Promise<void> {
    const { status } = this;
    if (!status) return;
    try {
      this.hear(await host().call("listing_status", { id: status.id }));
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private async fetchWindow(at: number): Promise<void> {
    const { status } = this;
    if (!status || this.asked.has(at)) return;
    this.asked.add(at);
    try {
      const args = { id: status.id, start: at * WINDOW, len: WINDOW };
      const window = await host().call("listing_rows", args);
      const had = this.windows.get(at);
      if (this.closed || (had && had.revision > window.revision)) return;
      this.windows.delete(at);
      this.windows.set(at, { revision: window.revision, rows: window.rows });
      this.dropOldest();
      this.update({ arrivals: this.state.get().arrivals + 1 });
    } catch (thrown) {
      this.fail(thrown);
    } finally {
      this.asked.delete(at);
    }
  }

  private dropOldest(): void {
    for (const at of this.windows.keys()) {
      if (this.windows.size <= KEPT_WINDOWS) break;
      this.windows.delete(at);
    }
  }

  private fail(thrown: unknown): void {
    if (!this.closed) this.update({ error: appErrorOf(thrown) });
  }

  private update(change: Partial<ListingState>): void {
    this.state.update((now) => ({ ...now, ...change }));
  }
}

async function forget(id: string): Promise<void> {
  try {
    await host().call("listing_close", { id });
  } catch {
    // A listing that is gone already is as good as closed.
  }
}
