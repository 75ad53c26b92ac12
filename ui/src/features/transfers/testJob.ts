/** A job for tests. */

import type { Job } from "../../contract/types";

/** A running upload of 100 bytes, with what a test is about put in its place. */
export function aJob(part: Partial<Job> = {}): Job {
  return {
    id: "job-1",
    session: "session-1",
    sessionName: "Archive",
    operation: "upload",
    title: "report.pdf",
    destination: "s3://archive/2026/",
    touchesBucket: "archive",
    touchesPrefix: "2026/",
    state: "running",
    reason: null,
    items: 1,
    itemsDone: 0,
    itemsFailed: 0,
    itemsSkipped: 0,
    bytes: 100,
    bytesDone: 0,
    bytesReused: 0,
    bytesSkipped: 0,
    speed: 0,
    eta: null,
    map: "..........",
    created: 0,
    ended: null,
    elsewhere: false,
    ...part,
  };
}
