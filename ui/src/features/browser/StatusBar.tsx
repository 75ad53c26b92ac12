import { Button } from "../../components/Button";
import type { ListingStatus } from "../../contract/types";
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
  if (!status) return <div className={styles.bar}>{say.waitingForServer}</div>;
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
      {sizeText(status) !== "" && <span>{sizeText(status)}</span>}
      <span>{phaseText(status)}</span>
      {status.undecodable > 0 && (
        <span className={styles.warn}>{say.undecodable(status.undecodable)}</span>
      )}
      {isRunning && (
        <Button variant="link" onPress={() => void listing.cancel()}>
          {say.stop}
        </Button>
      )}
      {upcoming && <Refreshing upcoming={upcoming} onStop={() => tab.stopRefresh()} />}
      <span className={styles.grow} />
      <span>{say.costOfView(status.requests)}</span>
      <span className="visually-hidden" role="status">
        {isRunning ? "" : `${say.keysHere(status.rows)}, ${phaseText(status)}`}
      </span>
    </div>
  );
}

type RefreshingProps = { upcoming: Listing; onStop: () => void };

function Refreshing({ upcoming, onStop }: RefreshingProps) {
  const { status } = useStore(upcoming.state);
  const found = status?.total ?? 0;
  return (
    <>
      <span>{found === 0 ? say.waitingForServer : say.refreshing(found)}</span>
      <Button variant="link" aria-label={say.stopRefresh} onPress={onStop}>
        {say.stop}
      </Button>
    </>
  );
}

/** What lies here, and never as if it were all that lies below. */
export function sizeText({ phase, bytes, prefixes, total }: ListingStatus): string {
  const size = formatBytes(bytes);
  if (phase !== "complete") return total === 0 ? "" : say.bytesSoFar(size);
  if (prefixes === 0) return say.bytesHere(size);
  return prefixes === total ? say.foldersHere(prefixes) : say.bytesDirectly(size, prefixes);
}

function phaseText({ phase, elapsedMs, total }: ListingStatus): string {
  if (phase === "running") return total === 0 ? say.waitingForServer : say.listing(formatSpan(elapsedMs));
  if (phase === "failed") return say.listingFailed;
  if (phase === "cancelled") return say.listingCancelled;
  return say.listedIn(formatSpan(elapsedMs));
}
