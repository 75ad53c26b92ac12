/** The sessions of this machine as the engine last told them, in its order. */

import type { Session } from "../contract/types";
import { createStore, useStore } from "./store";

const NOT_KNOWN: readonly Session[] = [];

/** Empty until the first snapshot came. */
export const sessions = createStore<readonly Session[]>(NOT_KNOWN);

/** All sessions; empty while they are not known yet. */
export function useSessions(): readonly Session[] {
  return useStore(sessions);
}

/** Whether the engine has told the sessions. */
export function useSessionsKnown(): boolean {
  return useSessions() !== NOT_KNOWN;
}

/** One session; none when it is not there (any more). */
export function useSession(id: string | undefined): Session | undefined {
  return useSessions().find((session) => session.id === id);
}
