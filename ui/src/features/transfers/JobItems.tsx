import { useState } from "react";
import { Button } from "../../components/Button";
import type { JobItem } from "../../contract/types";
import type { Job } from "../../contract/types";
import { formatBytes } from "../../lib/bytes";
import { copyText } from "../../lib/clipboard";
import { cx } from "../../lib/cx";
import { showKey } from "../../lib/keys";
import { notify } from "../../state/notices";
import { grouped } from "../../strings/en/counted";
import { transferStrings as say } from "../../strings/en/transfers";
import styles from "./JobItems.module.css";
import { detailText } from "./progress";
import { useJobItems } from "./useJobItems";

type Props = { job: Job };

/** Items that are asked for and drawn at a time; the whole list of a big job stays in the engine. */
const PAGE = 50;

/** A job's items with the reasons of those that failed or were left out. */
export function JobItems({ job }: Props) {
  const [shown, setShown] = useState(PAGE);
  const { items, error } = useJobItems(job, shown);
  const more = job.items - shown;
  return (
    <div className={styles.panel}>
      <div className={styles.line}>
        <span>{detailText(job)}</span>
        {job.elsewhere && <span>{say.elsewhere}</span>}
      </div>
      {error !== undefined && <p className={styles.bad}>{showKey(error)}</p>}
      {items === undefined && error === undefined && <p className="dim">{say.itemsLoading}</p>}
      {items?.length === 0 && <p className="dim">{say.itemsNone}</p>}
      {items !== undefined && items.length > 0 && (
        <ul className={styles.items} aria-label={say.detailsOf(showKey(job.title))}>
          {items.toSorted(failedFirst).map((item) => (
            <ItemLine key={item.number} item={item} />
          ))}
        </ul>
      )}
      {more > 0 && (
        <div className={styles.line}>
          <Button variant="link" onPress={() => setShown(shown + PAGE)}>
            {say.itemsMore(grouped(Math.min(PAGE, more)))}
          </Button>
        </div>
      )}
    </div>
  );
}

/** What failed is what one opens the list for. */
function failedFirst(a: JobItem, b: JobItem): number {
  return Number(b.state === "failed") - Number(a.state === "failed") || a.number - b.number;
}

function ItemLine({ item }: { item: JobItem }) {
  const source = showKey(item.source);
  const destination = showKey(item.destination);
  return (
    <li className={styles.item}>
      <span className={styles.cut} title={source}>
        {source}
      </span>
      <span className={cx(styles.cut, "dim")} title={destination}>
        {destination}
      </span>
      <span className={cx(styles.size, "dim")}>{formatBytes(item.bytes)}</span>
      <span className={toneOf(item)}>{stateOf(item)}</span>
      {item.reason != null && item.reason !== "" && (
        <span className={cx(styles.why, toneOf(item))}>{showKey(item.reason)}</span>
      )}
      {item.requestId != null && <RequestIds id={item.requestId} host={item.hostId} />}
    </li>
  );
}

/** What whoever runs the server finds the refusal by. */
function RequestIds({ id, host }: { id: string; host: string | null }) {
  const ids = [id, host].filter((part) => part !== null && part !== "").join(" ");
  const copy = async () => {
    if (await copyText(ids)) notify({ tone: "good", text: say.requestIdCopied });
  };
  return (
    <span className={cx(styles.why, "dim")} data-selectable>
      {say.requestId(showKey(id))}{" "}
      <Button variant="link" onPress={() => void copy()}>
        {say.copyRequestId}
      </Button>
    </span>
  );
}

function stateOf(item: JobItem): string {
  if (item.skipped) return say.itemSkipped;
  const checked = item.state === "done" ? say.itemVerified[item.verified] : "";
  return checked === "" ? say.itemState[item.state] : `${say.itemState[item.state]} · ${checked}`;
}

function toneOf(item: JobItem): string | undefined {
  if (item.skipped) return styles.warn;
  if (item.state === "failed") return styles.bad;
  return item.state === "done" ? styles.good : "dim";
}
