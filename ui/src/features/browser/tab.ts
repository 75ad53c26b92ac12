/**
 * A tab: where it is, the listing it draws, and how that is ordered.
 *
 * A refresh lists anew beside what is shown and takes its place when it is complete, so that
 * nothing is lost from sight when it fails. Lives outside of React; views watch its stores.
 */

import type { AppError, Job, SortColumn } from "../../contract/types";
import { appErrorOf, host } from "../../host/host";
import { FIRST_VIEW, Listing, type ListingView } from "../../state/listing";
import { notify } from "../../state/notices";
import { createStore, type Store } from "../../state/store";
import { isOver } from "../../state/jobs";
import { Cursor } from "./cursor";
import {
  type History,
  NOWHERE,
  type Place,
  samePlace,
  stepped,
  visited,
  type Visit,
  visitNow,
  withCurrent,
  without,
} from "./history";
import { prefixAbove, showKey } from "../../lib/keys";
import { browserStrings as say } from "../../strings/en/browser";

export type TabState = {
  history: History;
  /** What is drawn; none without a bucket. */
  listing: Listing | undefined;
  /** What is listed anew beside it. */
  upcoming: Listing | undefined;
  /** Why the last refresh failed, while the rows before it are still shown. */
  refreshError: AppError | "stopped" | undefined;
  view: ListingView;
};

/** A pause in typing after which a filter is applied. */
const FILTER_PAUSE_MS = 120;

export class Tab {
  readonly state: Store<TabState> = createStore<TabState>({
    history: NOWHERE,
    listing: undefined,
    upcoming: undefined,
    refreshError: undefined,
    view: FIRST_VIEW,
  });
  readonly cursor = new Cursor();

  /** The key that is to be selected once the rows are new. */
  private afterRefresh: string | undefined;
  private filterTimer: ReturnType<typeof setTimeout> | undefined;
  private unwatch: () => void = () => undefined;
  private unwatchUpcoming: () => void = () => undefined;

  constructor() {
    this.cursor.onMissing = (key) => notify({ tone: "warn", text: say.missingKey(showKey(key)) });
    this.cursor.onTooLong = () => notify({ tone: "warn", text: say.tooLong });
  }

  get place(): Place | undefined {
    return visitNow(this.state.get().history)?.place;
  }

  /** Goes to a place, and there to a row. */
  go(place: Place, select?: string, isSaid = false): void {
    if (samePlace(this.place, place) && this.state.get().listing) {
      if (select !== undefined) this.cursor.reveal(select, isSaid);
      return;
    }
    this.arrive(visited(this.remembering(), { place }), select, isSaid);
  }

  back(): void {
    this.move(-1);
  }

  forward(): void {
    this.move(1);
  }

  /** Goes one level up and to the folder that was left. */
  up(): void {
    const { place } = this;
    if (!place?.bucket || place.prefix === "") return;
    this.go({ ...place, prefix: prefixAbove(place.prefix) }, place.prefix);
  }

  /** Resolves a typed address and goes there; answers what is wrong with it. */
  async goToAddress(session: string, text: string): Promise<AppError | undefined> {
    try {
      const { bucket, prefix, select } = await host().call("address_resolve", { session, text });
      this.go({ session, bucket, prefix }, select ?? undefined, true);
      return undefined;
    } catch (thrown) {
      return appErrorOf(thrown);
    }
  }

  /** Orders by a column; the same one again turns the order around. */
  sortBy(sort: SortColumn): void {
    const { view } = this.state.get();
    const descending = view.sort === sort ? !view.descending : sort === "modified" || sort === "size";
    this.show({ ...view, sort, descending });
  }

  /** Filters after a pause in typing; what was selected is not any more. */
  filterBy(filter: string): void {
    clearTimeout(this.filterTimer);
    this.filterTimer = setTimeout(() => {
      const { view } = this.state.get();
      if (view.filter === filter) return;
      this.cursor.beginFilter();
      this.show({ ...view, filter });
    }, FILTER_PAUSE_MS);
  }

  /** Lists anew; what is shown stays until the new rows are complete. `select` is found in them. */
  refresh(select?: string): void {
    const { listing, view, upcoming } = this.state.get();
    if (!listing) return;
    this.afterRefresh = select ?? this.afterRefresh;
    upcoming?.close();
    this.unwatchUpcoming();
    const next = new Listing(listing.place, view);
    const { status, error } = listing.state.get();
    const hasNothing = !status || error !== undefined || status.rows === 0;
    if (hasNothing || status.phase !== "complete") {
      this.replace(next);
      return;
    }
    this.update({ upcoming: next, refreshError: undefined });
    this.unwatchUpcoming = next.state.watch(() => this.takeUpcoming(next));
  }

  /**
   * Goes again to where it is. What was shown is not kept meanwhile: the session may stand for
   * another place now.
   */
  reload(): void {
    const before = this.remembering();
    this.arrive(before, visitNow(before)?.current?.key);
  }

  /** Gives up listing anew; what is shown stays, and it is said that it is of before. */
  stopRefresh(): void {
    const { upcoming } = this.state.get();
    if (!upcoming) return;
    this.unwatchUpcoming();
    upcoming.close();
    this.update({ upcoming: undefined, refreshError: "stopped" });
  }

  /** Lists anew after a job changed what is shown. */
  hearJob(before: Job | undefined, job: Job): void {
    const { place } = this;
    if (!isOver(job) || (before && isOver(before)) || !place?.bucket) return;
    const { touchesBucket, touchesPrefix } = job;
    if (touchesBucket !== place.bucket) return;
    const touched = touchesPrefix ?? "";
    if (touched.startsWith(place.prefix) || place.prefix.startsWith(touched)) this.refresh();
  }

  /** Leaves places that are not there any more. */
  leave(isGone: (place: Place) => boolean): void {
    const { history } = this.state.get();
    const now = this.place;
    if (now && isGone(now)) this.arrive(without(history, isGone));
    else this.update({ history: without(history, isGone) });
  }

  close(): void {
    clearTimeout(this.filterTimer);
    this.unwatch();
    this.unwatchUpcoming();
    this.state.get().listing?.close();
    this.state.get().upcoming?.close();
  }

  private move(by: -1 | 1): void {
    const before = this.remembering();
    const after = stepped(before, by);
    if (after === before) return;
    this.arrive(after, visitNow(after)?.current?.key);
  }

  private remembering(): History {
    const row = this.cursor.state.get().current?.row;
    const current: Visit["current"] = row && { kind: row.kind, key: row.key };
    return withCurrent(this.state.get().history, current);
  }

  private arrive(history: History, select?: string, isSaid = false): void {
    clearTimeout(this.filterTimer);
    this.afterRefresh = undefined;
    this.unwatch();
    this.unwatchUpcoming();
    this.state.get().listing?.close();
    this.state.get().upcoming?.close();
    const place = visitNow(history)?.place;
    const view = { ...this.state.get().view, filter: "" };
    const listing = place?.bucket
      ? new Listing({ session: place.session, bucket: place.bucket, prefix: place.prefix }, view)
      : undefined;
    this.cursor.reset(listing);
    this.state.set({ history, listing, upcoming: undefined, refreshError: undefined, view });
    if (listing) this.watch(listing);
    if (select !== undefined) this.cursor.reveal(select, isSaid);
  }

  private watch(listing: Listing): void {
    this.unwatch();
    let revision: number | undefined;
    let phase: string | undefined;
    this.unwatch = listing.state.watch(() => {
      const { status } = listing;
      if (!status || (status.revision === revision && status.phase === phase)) return;
      revision = status.revision;
      phase = status.phase;
      void this.cursor.relocate();
    });
  }

  private takeUpcoming(next: Listing): void {
    const { status, error } = next.state.get();
    if (error === undefined && (status === undefined || status.phase === "running")) return;
    if (error === undefined && status?.phase === "complete") return this.replace(next);
    this.unwatchUpcoming();
    next.close();
    this.update({ upcoming: undefined, refreshError: error ?? status?.error ?? undefined });
  }

  private replace(next: Listing): void {
    this.unwatchUpcoming();
    const { listing } = this.state.get();
    this.update({ listing: next, upcoming: undefined, refreshError: undefined });
    listing?.close();
    this.watch(next);
    void this.cursor.follow(next);
    const select = this.afterRefresh;
    this.afterRefresh = undefined;
    if (select !== undefined) this.cursor.reveal(select, false);
  }

  private show(view: ListingView): void {
    this.update({ view });
    this.cursor.keepInSight();
    const { listing, upcoming } = this.state.get();
    void listing?.show(view);
    void upcoming?.show(view);
  }

  private update(change: Partial<TabState>): void {
    this.state.update((now) => ({ ...now, ...change }));
  }
}
