import { type CSSProperties, useEffect, useState } from "react";
import { Notices } from "../components/Notices";
import { Dialogs } from "../features/dialogs/Dialogs";
import { Browser } from "../features/browser/Browser";
import { Inspector } from "../features/browser/Inspector";
import { Sidebar } from "../features/browser/Sidebar";
import { Tab } from "../features/browser/tab";
import { titleOf } from "../features/browser/TabStrip";
import { TransfersDock } from "../features/transfers/TransfersDock";
import { cx } from "../lib/cx";
import { showKey } from "../lib/keys";
import { startEvents } from "../state/events";
import { watchJobs } from "../state/jobs";
import { useSession } from "../state/sessions";
import { useStore } from "../state/store";
import styles from "./App.module.css";
import { useDetailsPane } from "./useDetailsPane";
import { useSessionsWatch } from "./useSessionsWatch";
import { useStartNotes } from "./useStartNotes";

/** The window: sidebar, what is browsed, inspector, dock. */
export function App() {
  const [tab] = useState(() => new Tab());
  useEffect(startEvents, []);
  useEffect(() => watchJobs((before, job) => tab.hearJob(before, job)), [tab]);
  useEffect(() => () => tab.close(), [tab]);
  useStartNotes();
  useSessionsWatch(tab);
  const { history } = useStore(tab.state);
  const place = history.visits[history.at]?.place;
  const session = useSession(place?.session);
  const details = useDetailsPane();
  const title = showKey(titleOf(place, session));
  useEffect(() => {
    document.title = session ? `${title} · Longshore` : "Longshore";
  }, [title, session]);
  const role = session ? ({ "--role": session.colour } as CSSProperties) : undefined;
  return (
    <>
      <div className={cx(styles.frame, "roled", !details.isShown && styles.narrow)} style={role}>
        <Sidebar tab={tab} />
        <Browser tab={tab} details={details} />
        {details.isShown && <Inspector tab={tab} isReadOnly={session?.readOnly ?? false} />}
        <div className={styles.dock}>
          <div className={styles.notices}>
            <Notices />
          </div>
          <TransfersDock />
        </div>
      </div>
      <Dialogs />
    </>
  );
}
