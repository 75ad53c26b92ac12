/** A session for tests. */

import type { Session } from "../../contract/types";

/** A saved session with kept keys, with what a test is about put in its place. */
export function aSession(part: Partial<Session> = {}): Session {
  return {
    id: "session-1",
    name: "Archive",
    colour: "#0b6e8f",
    source: { kind: "keychain", accessKeyId: "AKIDEXAMPLE" },
    chain: [],
    endpointUrl: null,
    region: "us-east-1",
    pathStyle: "auto",
    readOnly: false,
    saved: true,
    account: null,
    expires: null,
    problem: null,
    memoryOnly: false,
    needsSecret: false,
    definition: "d1",
    trustPlainHttp: false,
    ...part,
  };
}
