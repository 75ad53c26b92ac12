import type { CSSProperties } from "react";
import type { Job } from "../../contract/types";
import { cx } from "../../lib/cx";
import { showKey } from "../../lib/keys";
import { transferStrings as say } from "../../strings/en/transfers";
import styles from "./PartMapBar.module.css";
import { type Cell, cellsOf, runsOf } from "./partMap";
import { describeProgress, percentDone } from "./progress";

type Props = { job: Job };

/** A job's parts from left to right, coloured by what the other side acknowledged. */
export function PartMapBar({ job }: Props) {
  return (
    <div
      className={styles.map}
      role="progressbar"
      aria-label={say.progressOf(showKey(job.title))}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percentDone(job)}
      aria-valuetext={describeProgress(job)}
      data-map={job.map}
    >
      {runsOf(cellsOf(job)).map((run) => (
        <span
          key={run.start}
          className={cx(styles.run, lookOf(run.cell, job.state))}
          style={{ "--n": run.length } as CSSProperties}
        />
      ))}
    </div>
  );
}

/** Parts that were on their way when a job had to stop are shown as what they are: held up. */
function lookOf(cell: Cell, state: Job["state"]): string | undefined {
  if (state === "cancelled") return cell === "done" ? styles.dropped : undefined;
  if (cell === "done") return state === "done" ? styles.finished : styles.done;
  if (cell === "failed") return styles.failed;
  if (cell === "waiting") return undefined;
  const isHeldUp = state === "waitingForSignIn" || state === "waitingForNetwork";
  return isHeldUp ? styles.parked : styles.inFlight;
}
