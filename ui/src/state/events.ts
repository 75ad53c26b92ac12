/**
 * The one subscription to the engine's events, and who gets what of it.
 *
 * The first message is a snapshot; numbers rise by one. A gap means that a message was lost on the
 * way: the subscription is made anew, and its snapshot puts everything right.
 */

import type { EventMessage, ListingStatus } from "../contract/types";
import { host, type Unsubscribe } from "../host/host";
import { replaceJobs, takeJobs } from "./jobs";
import { sessions } from "./sessions";

const listingWatchers = new Set<(status: ListingStatus) => void>();
const snapshotWatchers = new Set<() => void>();

/** Calls back with every status of a listing that the engine tells. */
export function onListingStatus(callback: (status: ListingStatus) => void): Unsubscribe {
  listingWatchers.add(callback);
  return () => listingWatchers.delete(callback);
}

/** Calls back after a snapshot: what is not part of it is to be asked for anew. */
export function onSnapshot(callback: () => void): Unsubscribe {
  snapshotWatchers.add(callback);
  return () => snapshotWatchers.delete(callback);
}

/** Subscribes, and again after every gap, until the answered function is called. */
export function startEvents(): Unsubscribe {
  let ended = false;
  let stop: Unsubscribe = () => undefined;
  const begin = () => {
    let expected = 0;
    let isThis = true;
    const end = host().subscribe("events", (message) => {
      if (!isThis || ended) return;
      // A host that had to connect again begins with a snapshot of its own.
      if (message.seq === 0) expected = 0;
      if (message.seq !== expected) {
        isThis = false;
        end();
        begin();
        return;
      }
      expected += 1;
      takeEvent(message.event);
    });
    stop = end;
  };
  begin();
  return () => {
    ended = true;
    stop();
  };
}

/** Hands an event to the stores. */
export function takeEvent(event: EventMessage["event"]): void {
  switch (event.kind) {
    case "snapshot":
      sessions.set(event.sessions);
      replaceJobs(event.jobs);
      for (const watcher of snapshotWatchers) watcher();
      break;
    case "jobs":
      takeJobs(event.jobs, event.forgotten);
      break;
    case "sessions":
      sessions.set(event.sessions);
      break;
    case "listing":
      for (const watcher of listingWatchers) watcher(event.status);
      break;
  }
}
