import { useEffect } from "react";
import type { Tab } from "../features/browser/tab";
import { useSessions, useSessionsKnown } from "../state/sessions";
import { useStore } from "../state/store";

/** Where the last session is remembered. */
const KEY = "longshore.session";

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(session: string): void {
  try {
    localStorage.setItem(KEY, session);
  } catch {
    // Without storage the next start begins at the welcome.
  }
}

/** Begins with the session that was used last, and leaves one that is gone. */
export function useSessionsWatch(tab: Tab): void {
  const sessions = useSessions();
  const isKnown = useSessionsKnown();
  const { history } = useStore(tab.state);
  const chosen = history.visits[history.at]?.place.session;

  useEffect(() => {
    if (!isKnown) return;
    const isThere = (id: string | null | undefined) => sessions.some((known) => known.id === id);
    if (chosen !== undefined && !isThere(chosen)) {
      tab.leave((place) => !isThere(place.session));
    } else if (chosen === undefined) {
      const last = remembered();
      if (last !== null && isThere(last)) tab.go({ session: last, bucket: null, prefix: "" });
    }
  }, [tab, sessions, isKnown, chosen]);

  useEffect(() => {
    if (chosen !== undefined) remember(chosen);
  }, [chosen]);
}
