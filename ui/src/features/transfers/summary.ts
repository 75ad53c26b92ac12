/** What the dock's header says of all jobs together. */

import type { Job } from "../../contract/types";
import { showKey } from "../../lib/keys";
import { isOver } from "../../state/jobs";
import { transferStrings as say } from "../../strings/en/transfers";
import { canPause, canResume } from "./progress";

/** Bytes a second over all running jobs, by direction. */
export type Speeds = { up: number; down: number };

/** `3 running · 1 waiting for sign-in · 214 done`; empty without jobs. */
export function summaryText(jobs: readonly Job[]): string {
  const count = (...states: Job["state"][]) =>
    jobs.filter((job) => states.includes(job.state)).length;
  const parts: [number, (n: number) => string][] = [
    [count("running", "verifying"), say.running],
    [count("queued"), say.queued],
    [count("waitingForSignIn"), say.waitingForSignIn],
    [count("waitingForNetwork"), say.waitingForNetwork],
    [count("paused"), say.paused],
    [count("failed"), say.failed],
    [count("done"), say.done],
    [count("cancelled"), say.cancelled],
  ];
  return parts
    .filter(([n]) => n > 0)
    .map(([n, words]) => words(n))
    .join(" · ");
}

/** What the header shows and offers. */
export type Totals = Speeds & {
  summary: string;
  canPause: boolean;
  canResume: boolean;
  canClear: boolean;
};

/** All that the header says of these jobs. */
export function totalsOf(jobs: readonly Job[]): Totals {
  return {
    ...speedsOf(jobs),
    summary: summaryText(jobs),
    canPause: jobs.some(canPause),
    canResume: jobs.some(canResume),
    canClear: jobs.some(isOver),
  };
}

/** Sums the speeds of what runs. */
export function speedsOf(jobs: readonly Job[]): Speeds {
  const speeds: Speeds = { up: 0, down: 0 };
  for (const job of jobs) {
    if (job.state !== "running") continue;
    if (job.operation === "upload") speeds.up += job.speed;
    if (job.operation === "download") speeds.down += job.speed;
  }
  return speeds;
}

/** What a change of state is worth saying aloud; nothing for progress and for what a person just did. */
export function announcementOf(before: Job | undefined, job: Job): string {
  if (before === undefined || before.state === job.state) return "";
  const title = showKey(job.title);
  switch (job.state) {
    case "done":
      return say.announceDone(title);
    case "failed":
      return say.announceFailed(title, showKey(job.reason ?? ""));
    case "cancelled":
      return say.announceCancelled(title);
    case "waitingForSignIn":
      return say.announceSignIn(title);
    case "waitingForNetwork":
      return say.announceNetwork(title);
    default:
      return "";
  }
}
