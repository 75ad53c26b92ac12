import { Button } from "../../components/Button";
import { formatBytes } from "../../lib/bytes";
import { formatSpan } from "../../lib/time";
import type { Listing } from "../../state/listing";
import { useStore } from "../../state/store";
import { browserStrings as say } from "../../strings/en/browser";
import { bytesSelected, countSelected } from "./selection";
import styles from "./StatusBar.module.css";
import type { Tab } from "./tab";

type Props = { tab: Tab; listing: Listing; upcoming: Listing | undefined };

/** What is selected, what is here, and what it took to see it. */
export function StatusBar({ tab, listing, upcoming }: Props) {
  const { status } = useStore(listing.state);
  const { selection } = useStore(tab.cursor.state);
  if (!status) return <div className={styles.bar} />;
  const picked = countSelected(selection, status.rows);
  const bytes = picked === 0 ? undefined : bytesSelected(selection);
  const isRunning = status.phase === "running";
  return (
    <div className={styles.bar}>
      <span>
        {bytes === undefined
          ? say.selectedOf(picked, status.rows)
          : say.selectedOfWith(picked, status.rows, formatBytes(bytes))}
      </span>
      {status.rows !== status.total && <span>{say.keysMatching(status.rows, status.total)}</span>}
      <span>{say.bytesHere(formatBytes(status.bytes))}</span>
      <span>{phaseText(status.phase, status.elapsedMs)}</span>
      {status.undecodable > 0 && (
        <span className={styles.warn}>{say.undecodable(status.undecodable)}</span>
      )}
      {isRunning && (
        <Button variant="link" onPress={() => void listing.cancel()}>
          {say.stop}
        </Button>
      )}
      {upcoming && <Refreshing upcoming={upcoming} />}
      <span className={styles.grow} />
      <span>{say.costOfView(status.requests)}</span>
      <span className="visually-hidden" role="status">
        {isRunning ? "" : `${say.keysHere(status.rows)}, ${phaseText(status.phase, status.elapsedMs)}`}
      </span>
    </div>
  );
}

function Refreshing({ upcoming }: { upcoming: Listing }) {
  const { status } = useStore(upcoming.state);
  return <span>{say.refreshing(status?.total ?? 0)}</span>;
}

function phaseText(phase: string, elapsed: number): string {
  if (phase === "running") return say.listing(formatSpan(elapsed));
  if (phase === "failed") return say.listingFailed;
  if (phase === "cancelled") return say.listingCancelled;
  return say.listedIn(formatSpan(elapsed));
}
