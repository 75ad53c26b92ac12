import { useEffect, useRef } from "react";
import type { Session } from "../contract/types";
import type { Tab } from "../features/browser/tab";
import { notify } from "../state/notices";
import { useSessions, useSessionsKnown } from "../state/sessions";
import { useStore } from "../state/store";
import { sessionStrings as say } from "../strings/en/sessions";

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

  const session = sessions.find((known) => known.id === chosen);
  const before = useRef<Session>(undefined);
  useEffect(() => {
    const was = before.current;
    before.current = session;
    if (was && session && was.id === session.id) follow(tab, was, session);
  }, [tab, session]);
}

/** A tab shows what its session sees now: of another place nothing stays, of a mended one all. */
function follow(tab: Tab, was: Session, now: Session): void {
  if (was.definition !== now.definition) {
    tab.reload();
    if (tab.place?.bucket) notify({ tone: "info", text: say.listedAnew(now.name) });
  } else if ((was.needsSecret && !now.needsSecret) || (was.problem !== null && now.problem === null)) {
    tab.refresh();
  }
}
