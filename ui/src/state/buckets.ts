/** The buckets of each session, listed when they are first looked at. */

import type { AppError, Bucket } from "../contract/types";
import { appErrorOf, host } from "../host/host";
import { sessions } from "./sessions";
import { createStore, useStore } from "./store";

export type BucketList = {
  isLoading: boolean;
  /** In the order of the server; those that were opened by name come after. */
  buckets: readonly Bucket[];
  error: AppError | undefined;
};

const NOT_ASKED: BucketList = { isLoading: false, buckets: [], error: undefined };

const lists = createStore<ReadonlyMap<string, BucketList>>(new Map());
const opened = new Map<string, Bucket[]>();
const turns = new Map<string, number>();
/** What each session stood for when its buckets were listed. */
const definitions = new Map<string, string | undefined>();

function put(session: string, change: Partial<BucketList>): void {
  lists.update((all) => new Map(all).set(session, { ...bucketsOf(session), ...change }));
}

/** The buckets of a session as far as they are known. */
export function bucketsOf(session: string): BucketList {
  return lists.get().get(session) ?? NOT_ASKED;
}

/** Lists a session's buckets, again if they are known; another place's are not kept meanwhile. */
export async function listBuckets(session: string): Promise<void> {
  const definition = sessions.get().find((known) => known.id === session)?.definition;
  if (definitions.has(session) && definitions.get(session) !== definition) {
    opened.delete(session);
    put(session, NOT_ASKED);
  }
  definitions.set(session, definition);
  const turn = (turns.get(session) ?? 0) + 1;
  turns.set(session, turn);
  put(session, { isLoading: true });
  try {
    const listed = await host().call("buckets_list", { id: session });
    if (turns.get(session) !== turn) return;
    const names = new Set(listed.map((bucket) => bucket.name));
    const others = (opened.get(session) ?? []).filter((bucket) => !names.has(bucket.name));
    put(session, { isLoading: false, buckets: [...listed, ...others], error: undefined });
  } catch (thrown) {
    if (turns.get(session) !== turn) return;
    const buckets = opened.get(session) ?? [];
    put(session, { isLoading: false, buckets, error: appErrorOf(thrown) });
  }
}

/** Shows a bucket that was opened by its name among the others. */
export function rememberBucket(session: string, name: string): void {
  const { buckets } = bucketsOf(session);
  if (buckets.some((bucket) => bucket.name === name)) return;
  const bucket: Bucket = { name, created: null, region: null };
  opened.set(session, [...(opened.get(session) ?? []), bucket]);
  put(session, { buckets: [...buckets, bucket] });
}

/** Takes a bucket off the list. */
export function forgetBucket(session: string, name: string): void {
  const rest = (all: readonly Bucket[]) => all.filter((bucket) => bucket.name !== name);
  opened.set(session, rest(opened.get(session) ?? []));
  put(session, { buckets: rest(bucketsOf(session).buckets) });
}

/** A session's buckets, rendered again when they change. */
export function useBuckets(session: string | undefined): BucketList {
  const all = useStore(lists);
  return (session !== undefined && all.get(session)) || NOT_ASKED;
}
