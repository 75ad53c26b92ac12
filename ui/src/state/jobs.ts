/**
 * The jobs as the engine last told them.
 *
 * Events replace whole jobs; each row of the dock watches its own, so that progress of one renders
 * one. What a job shows never steps back without the engine saying why.
 */

import { useSyncExternalStore } from "react";

import type { Job } from "../contract/types";
import { createStore, useStore } from "./store";

/** A job as it was and as it is now. */
export type JobWatcher = (before: Job | undefined, job: Job) => void;

const jobs = new Map<string, Job>();
const ids = createStore<readonly string[]>([]);
/** Counts changes, for what is derived of all jobs. */
const changes = createStore(0);
const watchers = new Map<string, Set<() => void>>();
const everyJob = new Set<JobWatcher>();

/** Replaces all that is known; the first message after a subscription. */
export function replaceJobs(all: readonly Job[]): void {
  const known = new Set(all.map((job) => job.id));
  const gone = [...jobs.keys()].filter((id) => !known.has(id));
  takeJobs(all, gone);
}

/** Takes new and changed jobs, and forgets those that left the list. */
export function takeJobs(changed: readonly Job[], forgotten: readonly string[]): void {
  const befores = new Map(jobs);
  for (const id of forgotten) jobs.delete(id);
  for (const job of changed) jobs.set(job.id, neverBack(befores.get(job.id), job));
  const order = [...jobs.values()].toSorted(before).map((job) => job.id);
  if (order.join() !== ids.get().join()) ids.set(order);
  changes.update((n) => n + 1);
  for (const id of [...forgotten, ...changed.map((job) => job.id)]) {
    for (const watcher of watchers.get(id) ?? []) watcher();
  }
  for (const { id } of changed) {
    const job = jobs.get(id);
    if (job) for (const watcher of everyJob) watcher(befores.get(id), job);
  }
}

/** Whether nothing more will happen by itself or by resuming. */
export function isOver(job: Job): boolean {
  return job.state === "done" || job.state === "failed" || job.state === "cancelled";
}

/** What is not over comes first, then the newest: later ids sort after earlier ones. */
function before(a: Job, b: Job): number {
  if (isOver(a) !== isOver(b)) return isOver(a) ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/**
 * Keeps what was shown when a newer view would step back without saying why.
 *
 * Progress is coalesced and may cross another message; a step back that the engine explains (a
 * reason, another state, another total) is shown as it is.
 */
export function neverBack(shown: Job | undefined, next: Job): Job {
  const stepsBack =
    shown?.state === "running" &&
    next.state === "running" &&
    next.reason === null &&
    next.bytes === shown.bytes &&
    next.bytesDone < shown.bytesDone;
  return stepsBack ? { ...next, bytesDone: shown.bytesDone, map: shown.map } : next;
}

/** Tells of every new and changed job; answers how to stop. */
export function watchJobs(watcher: JobWatcher): () => void {
  everyJob.add(watcher);
  return () => everyJob.delete(watcher);
}

/** Ids of all jobs: what is not over first, then the newest. */
export function useJobIds(): readonly string[] {
  return useStore(ids);
}

/** One job; undefined when it left the list. */
export function useJob(id: string): Job | undefined {
  return useSyncExternalStore(
    (watcher) => {
      const own = watchers.get(id) ?? new Set();
      watchers.set(id, own.add(watcher));
      return () => {
        own.delete(watcher);
        if (own.size === 0) watchers.delete(id);
      };
    },
    () => jobs.get(id),
  );
}

/** All jobs in the same order; rendered again at every change. */
export function useAllJobs(): readonly Job[] {
  useStore(changes);
  return allJobs();
}

/** All jobs, outside of rendering. */
export function allJobs(): readonly Job[] {
  return ids.get().flatMap((id) => jobs.get(id) ?? []);
}
