/**
 * The current row and the selection of a tab, kept by key while a listing grows under them.
 *
 * Positions are only ever hints. With every revision the engine is asked where the current key is
 * now; a key that is to be revealed is asked for until it is found or the listing has ended without
 * it. A step that a person takes meanwhile wins over any answer that is still on its way.
 */

import type { ListingRow, ListingStatus, Target } from "../../contract/types";
import type { Listing } from "../../state/listing";
import { createStore, type Store } from "../../state/store";
import {
  EVERYTHING,
  idOf,
  including,
  NOTHING,
  only,
  type Picked,
  type Selection,
  toggled,
} from "./selection";

export type Current = {
  position: number;
  /** None while the row at the position has not arrived. */
  row: Picked | undefined;
};

export type CursorState = {
  current: Current | undefined;
  selection: Selection;
  /** Asks the grid to show a row; another object each time. */
  show: { position: number } | undefined;
};

/** How a step changes the selection: to the row, up to the row, with the row, or not at all. */
export type Step = "only" | "range" | "add" | "move";

/** Rows that a range may span: more are better selected by a filter and Ctrl+A. */
export const MAX_RANGE = 20_000;
/** The engine gives at most this many rows at once. */
const CHUNK = 500;
/** Selected keys that are looked for again after a refresh; beyond it they are kept unseen. */
const MAX_CHECKED = 500;

/** What an object or a prefix is; versions and markers are not acted on by key alone. */
export function pickedOf(row: ListingRow): Picked | undefined {
  if (row.kind !== "prefix" && row.kind !== "object") return undefined;
  return { kind: row.kind, key: row.key, size: row.size };
}

export class Cursor {
  readonly state: Store<CursorState> = createStore<CursorState>({
    current: undefined,
    selection: NOTHING,
    show: undefined,
  });

  /** Called when a key that was to be revealed is not in a listing that ended. */
  onMissing: ((key: string) => void) | undefined;
  /** Called when a range is longer than `MAX_RANGE`. */
  onTooLong: (() => void) | undefined;

  private listing: Listing | undefined;
  private anchor: Current | undefined;
  private wanted: { key: string; isSaid: boolean } | undefined;
  /** Counts what a person does; an answer to an earlier question is then dropped. */
  private turn = 0;
  /** Whether selected keys are to be looked for again once the new rows are complete. */
  private mustPrune = false;
  /** Whether the current row is to be shown where it is found next. */
  private mustShow = false;
  private isLooking = false;
  private lookAgain = false;

  /** Begins anew over another place. */
  reset(listing: Listing | undefined): void {
    this.turn += 1;
    this.listing = listing;
    this.anchor = undefined;
    this.wanted = undefined;
    this.mustPrune = false;
    this.mustShow = false;
    this.state.set({ current: undefined, selection: NOTHING, show: undefined });
  }

  /** Goes on over another listing of the same place. */
  async follow(listing: Listing): Promise<void> {
    this.listing = listing;
    this.mustPrune = true;
    await this.relocate();
  }

  /** Finds and selects a key as soon as it is there. */
  reveal(key: string, isSaid: boolean): void {
    this.turn += 1;
    this.wanted = { key, isSaid };
    void this.relocate();
  }

  /** Scrolls to the current row once it is found in another order. */
  keepInSight(): void {
    this.mustShow = true;
  }

  selectAll(): void {
    this.update({ selection: EVERYTHING });
  }

  selectNone(): void {
    this.turn += 1;
    this.update({ selection: NOTHING });
  }

  /** Selects nothing, whatever is on its way, since another filter decides what is shown. */
  beginFilter(): void {
    this.turn += 1;
    this.anchor = undefined;
    this.update({ selection: NOTHING });
  }

  /** Puts the current row in or takes it out. */
  toggleCurrent(): void {
    const row = this.state.get().current?.row;
    if (row) this.update({ selection: toggled(this.state.get().selection, row) });
  }

  /** Goes to a position. */
  async step(to: number, how: Step): Promise<void> {
    const { listing } = this;
    const rows = listing?.status?.rows ?? 0;
    if (!listing || rows === 0) return;
    const turn = ++this.turn;
    this.wanted = undefined;
    const position = Math.min(Math.max(0, to), rows - 1);
    const here = listing.rowAt(position);
    this.moveTo({ position, row: here && pickedOf(here) });
    const row = here ? pickedOf(here) : await this.fetchRow(listing, position);
    if (turn !== this.turn || !row) return;
    if (!here) this.moveTo({ position, row });
    await this.applyStep({ position, row }, how, turn);
  }

  /** Asks where everything is after the rows changed. */
  async relocate(): Promise<void> {
    if (this.isLooking) {
      this.lookAgain = true;
      return;
    }
    this.isLooking = true;
    try {
      do {
        this.lookAgain = false;
        // One round after the other: each asks about the rows as they are by then.
        // oxlint-disable-next-line no-await-in-loop
        await this.look();
      } while (this.lookAgain);
    } catch {
      // The listing is gone; its state says why.
    } finally {
      this.isLooking = false;
    }
  }

  /** What an action on the selection is about; none when there is too much to name. */
  async targets(): Promise<Target[] | undefined> {
    const { selection } = this.state.get();
    const { listing } = this;
    if (!listing) return [];
    if (selection.mode === "some") return [...selection.picked.values()].map(targetOf);
    await listing.settled();
    const { status, error } = listing.state.get();
    if (!status || error || this.state.get().selection !== selection) return [];
    // A prefix holds what a filter hides, and what it hides of pages that are still to come.
    const isWhole = listing.filter === "" && status.rows === status.total;
    if (selection.except.size === 0 && isWhole) {
      return [{ kind: "prefix", prefix: listing.place.prefix }];
    }
    if (status.rows > MAX_RANGE) return undefined;
    const rows = await this.fetchRange(listing, 0, status.rows);
    // Another filter may have come meanwhile, and the rows may be its.
    if (this.state.get().selection !== selection) return [];
    return rows
      .filter((row) => !selection.except.has(idOf(row)))
      .map(targetOf);
  }

  private async look(): Promise<void> {
    const { listing, turn, wanted } = this;
    const status = listing?.status;
    if (!listing || !status) return;
    if (this.mustPrune && status.phase === "complete") {
      this.mustPrune = false;
      await this.prune();
    }
    if (wanted) {
      await this.lookForWanted(listing, wanted, status.phase !== "running", status.revision);
      return;
    }
    const { current } = this.state.get();
    if (!current) return;
    const place = await this.placeOf(listing, current, status);
    const anchor = this.anchor && (await this.placeOf(listing, this.anchor, status));
    if (turn !== this.turn || listing !== this.listing) return;
    this.anchor = anchor;
    this.update({ current: place });
    if (place && this.mustShow) this.update({ show: { position: place.position } });
    this.mustShow = false;
    if (place && !place.row) {
      const row = await this.fetchRow(listing, place.position);
      if (turn === this.turn && row) this.update({ current: { ...place, row } });
    }
  }

  private async lookForWanted(
    listing: Listing,
    wanted: { key: string; isSaid: boolean },
    hasEnded: boolean,
    revision: number,
  ): Promise<void> {
    const { turn } = this;
    const position = await listing.position(wanted.key);
    if (turn !== this.turn || listing !== this.listing) return;
    if (position === null) {
      // Only an answer about the final rows proves that it is not there.
      if (!hasEnded || listing.status?.revision !== revision) return;
      this.wanted = undefined;
      if (wanted.isSaid) this.onMissing?.(wanted.key);
      return;
    }
    const row = await this.fetchRow(listing, position);
    if (turn !== this.turn || listing !== this.listing) return;
    if (row?.key !== wanted.key) {
      // The rows moved between the two answers; ask about the present ones.
      this.lookAgain = true;
      return;
    }
    this.wanted = undefined;
    this.anchor = { position, row };
    this.update({ selection: only([row]), current: { position, row }, show: { position } });
  }

  private async placeOf(
    listing: Listing,
    current: Current,
    status: ListingStatus,
  ): Promise<Current | undefined> {
    const position = current.row ? await listing.position(current.row.key) : null;
    if (position !== null) return { ...current, position };
    // Its page may still be on its way; under a filter it is rather hidden.
    if (status.phase === "running" && listing.filter === "") return current;
    if (status.rows === 0) return undefined;
    // A row that is gone leaves its neighbour current, and nothing selected by it.
    return { position: Math.min(current.position, status.rows - 1), row: undefined };
  }

  private async applyStep(at: { position: number; row: Picked }, how: Step, turn: number) {
    const { selection } = this.state.get();
    if (how === "move") return;
    if (how === "range" && this.anchor && this.listing) {
      const from = Math.min(this.anchor.position, at.position);
      const end = Math.max(this.anchor.position, at.position) + 1;
      if (end - from > MAX_RANGE) {
        this.onTooLong?.();
        return;
      }
      const rows = await this.fetchRange(this.listing, from, end);
      if (turn === this.turn) this.update({ selection: only(rows) });
      return;
    }
    this.anchor = at;
    this.update({
      selection: how === "add" ? toggled(selection, at.row) : only([at.row]),
    });
  }

  private async fetchRow(listing: Listing, position: number): Promise<Picked | undefined> {
    const [row] = await listing.rows(position, 1);
    return row && pickedOf(row);
  }

  private async fetchRange(listing: Listing, from: number, end: number): Promise<Picked[]> {
    const starts: number[] = [];
    for (let start = from; start < end; start += CHUNK) starts.push(start);
    const chunks = await Promise.all(
      starts.map((start) => listing.rows(start, Math.min(CHUNK, end - start))),
    );
    return chunks.flat().flatMap((row) => pickedOf(row) ?? []);
  }

  /** Forgets selected keys that a complete listing does not hold any more. */
  private async prune(): Promise<void> {
    const { selection } = this.state.get();
    const { listing, turn } = this;
    if (!listing || selection.mode === "all" || selection.picked.size > MAX_CHECKED) return;
    const picked = [...selection.picked.values()];
    const positions = await Promise.all(picked.map((row) => listing.position(row.key)));
    if (turn !== this.turn) return;
    const kept = picked.filter((_, at) => positions[at] !== null);
    if (kept.length < picked.length) this.update({ selection: including(NOTHING, kept) });
  }

  private moveTo(current: Current): void {
    this.update({ current, show: { position: current.position } });
  }

  private update(change: Partial<CursorState>): void {
    this.state.update((now) => ({ ...now, ...change }));
  }
}

function targetOf(row: Picked): Target {
  return row.kind === "prefix"
    ? { kind: "prefix", prefix: row.key }
    : { kind: "object", key: row.key };
}
