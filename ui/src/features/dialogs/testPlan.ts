/** A plan for tests. */

import type { Plan } from "../../contract/types";

/** An upload of two files without conflicts, with what a test is about put in its place. */
export function aPlan(part: Partial<Plan> = {}): Plan {
  return {
    id: "plan-1",
    operation: "upload",
    session: "session-1",
    title: "2 files",
    destination: "s3://archive/2026/",
    items: 2,
    bytes: 3_000_000,
    requests: 2,
    conflicts: 0,
    policy: "ask",
    reversible: "unknown",
    warnings: [],
    sample: [
      {
        source: "/home/ada/a.txt",
        destination: "s3://archive/2026/a.txt",
        bytes: 1_000_000,
        why: "new",
        conflict: false,
      },
      {
        source: "/home/ada/b.txt",
        destination: "s3://archive/2026/b.txt",
        bytes: 2_000_000,
        why: "replaces 12 bytes of 3 May",
        conflict: true,
      },
    ],
    ...part,
  };
}
