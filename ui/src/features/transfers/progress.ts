/**
 * What a job's numbers say in words.
 *
 * Pure: every function takes the job as the engine sent it. Progress is floored and capped, so that
 * the window never claims more than the other side acknowledged; 100% is said of finished jobs only.
 */

import type { Job } from "../../contract/types";
import { formatBytes } from "../../lib/bytes";
import { showKey } from "../../lib/keys";
import { grouped } from "../../strings/en/counted";
import { transferStrings as say } from "../../strings/en/transfers";

/** How a job's state is coloured. */
export type Tone = "plain" | "good" | "warn" | "bad";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds below which an estimate in seconds is still of use. */
const SECONDS_SHOWN = 90;

/** What a job is called: a folder with the number of what is in it. */
export function nameOf(job: Job): string {
  const title = showKey(job.title);
  if (!job.title.endsWith("/") || job.items === 0) return title;
  const isOfFiles = job.operation === "upload" || job.operation === "download";
  return isOfFiles ? say.filesOf(title, job.items) : say.objectsOf(title, job.items);
}

/** Whether pausing makes sense. */
export function canPause(job: Job): boolean {
  return ["queued", "running", "waitingForNetwork"].includes(job.state);
}

/** Whether resuming makes sense; a failed job is over, what is left of it is another job. */
export function canResume(job: Job): boolean {
  return job.state === "paused";
}

/** How much of a job is acknowledged, 0 to 1; jobs without bytes count items. */
export function shareDone(job: Job): number {
  if (job.state === "done") return 1;
  const [done, all] =
    job.bytes > 0
      ? [job.bytesDone + job.bytesSkipped, job.bytes]
      : [job.itemsDone + job.itemsSkipped, job.items];
  if (all <= 0) return 0;
  return Math.min(1, Math.max(0, done / all));
}

/** Whole percent, floored; 100 only when the job is done. */
export function percentDone(job: Job): number {
  const floored = Math.floor(shareDone(job) * 100);
  return job.state === "done" ? 100 : Math.min(99, floored);
}

/** `212 MB/s`; empty unless bytes move. */
export function speedText(job: Job): string {
  return job.state === "running" && job.speed > 0 ? say.rate(formatBytes(job.speed)) : "";
}

/** `18 s left`, `4 min left`, `2 h 10 min left`. */
export function etaText(seconds: number): string {
  if (seconds < SECONDS_SHOWN) return say.secondsLeft(Math.max(1, Math.ceil(seconds)));
  if (seconds < HOUR) return say.minutesLeft(Math.round(seconds / MINUTE));
  if (seconds < DAY) {
    const minutes = Math.round(seconds / MINUTE);
    return say.hoursLeft(Math.floor(minutes / 60), minutes % 60);
  }
  const days = Math.round(seconds / DAY);
  return days > 30 ? say.longerThanAMonth : say.daysLeft(days);
}

/** What the last column says: time left while it runs, otherwise the state. */
export function stateText(job: Job, isVerified = false): string {
  switch (job.state) {
    case "queued":
      return say.stateQueued;
    case "running":
      return job.eta == null ? "" : etaText(job.eta);
    case "paused":
      return say.statePaused;
    case "waitingForSignIn":
      return say.stateWaitingForSignIn;
    case "waitingForNetwork":
      return say.stateWaitingForNetwork;
    case "verifying":
      return say.stateVerifying;
    case "done":
      return isVerified ? say.stateDoneVerified : say.stateDone;
    case "failed":
      return failedText(job);
    case "cancelled":
      return say.stateCancelled;
  }
}

function failedText(job: Job): string {
  return job.items > 1 && job.itemsFailed > 0
    ? say.stateFailedOf(grouped(job.itemsFailed), grouped(job.items))
    : say.stateFailed;
}

/** How the state is coloured. */
export function stateTone(job: Job): Tone {
  switch (job.state) {
    case "done":
      return "good";
    case "failed":
      return "bad";
    case "waitingForSignIn":
    case "waitingForNetwork":
      return "warn";
    default:
      return "plain";
  }
}

/** What a screen reader says of the bar: percent, amounts, speed and state. */
export function describeProgress(job: Job): string {
  const amount =
    job.bytes > 0
      ? say.bytesLine(formatBytes(Math.min(job.bytesDone, job.bytes)), formatBytes(job.bytes))
      : say.itemsLine(grouped(job.itemsDone), grouped(job.items));
  return [say.percent(percentDone(job)), amount, speedText(job), stateText(job)]
    .filter((part) => part !== "")
    .join(", ");
}

/** The line under an opened row: items, bytes, what was not sent again, what was left out. */
export function detailText(job: Job): string {
  const parts = [say.itemsLine(grouped(job.itemsDone), grouped(job.items))];
  if (job.bytes > 0) parts.push(say.bytesLine(formatBytes(job.bytesDone), formatBytes(job.bytes)));
  if (job.bytesReused > 0) parts.push(say.reused(formatBytes(job.bytesReused)));
  if (job.itemsSkipped > 0) parts.push(say.skipped(job.itemsSkipped));
  return parts.join(" · ");
}
