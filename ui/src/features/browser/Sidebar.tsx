import { useEffect } from "react";
import type { Session } from "../../contract/types";
import { listBuckets } from "../../state/buckets";
import { useSession } from "../../state/sessions";
import { useStore } from "../../state/store";
import { browserStrings as say } from "../../strings/en/browser";
import { BucketList } from "./BucketList";
import { SessionList } from "./SessionList";
import styles from "./Sidebar.module.css";
import type { Tab } from "./tab";

/** Who one can be, and what that one sees. */
export function Sidebar({ tab }: { tab: Tab }) {
  const { history } = useStore(tab.state);
  const place = history.visits[history.at]?.place;
  const session = useSession(place?.session);
  return (
    <nav className={styles.side} aria-label={say.sidebar}>
      <SessionList tab={tab} chosen={place?.session} />
      {session && <Buckets tab={tab} session={session} chosen={place?.bucket ?? null} />}
    </nav>
  );
}

type BucketsProps = { tab: Tab; session: Session; chosen: string | null };

function Buckets({ tab, session, chosen }: BucketsProps) {
  const { id, problem, needsSecret, definition } = session;
  useEffect(() => {
    void listBuckets(id);
    // A session that was signed in, mended or changed is asked again.
  }, [id, problem, needsSecret, definition]);
  return <BucketList tab={tab} session={session} chosen={chosen} />;
}
