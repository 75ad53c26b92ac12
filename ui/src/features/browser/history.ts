/** Where a tab is and was: places in order, and which one is shown. */

/** A bucket's prefix as a session sees it; without a bucket, the session's buckets. */
export type Place = { session: string; bucket: string | null; prefix: string };

/** A place and the row that was current in it, which is found again on return. */
export type Visit = { place: Place; current?: { kind: "prefix" | "object"; key: string } };

export type History = { visits: readonly Visit[]; at: number };

/** More steps back than anyone takes. */
const KEPT = 200;

export const NOWHERE: History = { visits: [], at: -1 };

/** Whether both are there and the same. */
export function samePlace(a: Place | undefined, b: Place | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.session === b.session &&
    a.bucket === b.bucket &&
    a.prefix === b.prefix
  );
}

/** The visit that is shown. */
export function visitNow(history: History): Visit | undefined {
  return history.visits[history.at];
}

/** Notes the current row of the place that is shown. */
export function withCurrent(history: History, current: Visit["current"]): History {
  const now = visitNow(history);
  if (!now) return history;
  const visit: Visit = current ? { place: now.place, current } : { place: now.place };
  return { ...history, visits: history.visits.with(history.at, visit) };
}

/** Goes to a place; what lay ahead is forgotten. Going where one is changes nothing. */
export function visited(history: History, visit: Visit): History {
  if (samePlace(visitNow(history)?.place, visit.place)) return history;
  const visits = [...history.visits.slice(0, history.at + 1), visit].slice(-KEPT);
  return { visits, at: visits.length - 1 };
}

/** A step back (-1) or ahead (1), where there is one. */
export function stepped(history: History, by: -1 | 1): History {
  const at = history.at + by;
  return history.visits[at] ? { ...history, at } : history;
}

/** Without the places of a session or bucket that is gone. */
export function without(history: History, isGone: (place: Place) => boolean): History {
  const visits: Visit[] = [];
  let at = -1;
  history.visits.forEach((visit, index) => {
    if (!isGone(visit.place)) visits.push(visit);
    if (index <= history.at) at = visits.length - 1;
  });
  return { visits, at: Math.max(at, visits.length > 0 ? 0 : -1) };
}
