import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EventMessage } from "../contract/types";
import { type Host, setHost } from "../host/host";
import { job, session } from "../host/memory/world";
import { onListingStatus, startEvents } from "./events";
import { allJobs } from "./jobs";
import { sessions } from "./sessions";

type Send = (message: EventMessage) => void;

let subscriptions: { send: Send; isOpen: boolean }[];
let stop: () => void;

beforeEach(() => {
  subscriptions = [];
  const fake = {
    call: () => Promise.reject(new Error("nobody answers")),
    subscribe: (_: string, send: Send) => {
      const subscription = { send, isOpen: true };
      subscriptions.push(subscription);
      return () => {
        subscription.isOpen = false;
      };
    },
  };
  setHost(fake as unknown as Host);
  stop = startEvents();
});
afterEach(() => stop());

const send = (message: EventMessage) => subscriptions.at(-1)?.send(message);
const snapshot = (seq: number, name: string): EventMessage => ({
  seq,
  event: { kind: "snapshot", jobs: [job(name)], sessions: [session(name)] },
});

test("a snapshot replaces what was known", () => {
  send(snapshot(0, "a"));
  expect(sessions.get().map((known) => known.name)).toEqual(["a"]);
  expect(allJobs().map((known) => known.id)).toEqual(["a"]);
});

test("a gap in the numbers makes the page subscribe anew", () => {
  send(snapshot(0, "a"));
  const first = subscriptions[0];
  send({ seq: 2, event: { kind: "jobs", jobs: [], forgotten: ["a"] } });
  expect(first?.isOpen, "the broken subscription is closed").toBe(false);
  expect(subscriptions).toHaveLength(2);
  expect(allJobs(), "what came after the gap is not taken").toHaveLength(1);
  first?.send(snapshot(1, "late"));
  expect(allJobs()[0]?.id, "nor is what the old one still says").toBe("a");
  send(snapshot(0, "b"));
  expect(allJobs().map((known) => known.id)).toEqual(["b"]);
});

test("a listing's status reaches whoever watches", () => {
  const heard = vi.fn<() => void>();
  const end = onListingStatus(heard);
  send(snapshot(0, "a"));
  const counts = { rows: 1, total: 1, prefixes: 0, bytes: 1, requests: 1, elapsedMs: 1, undecodable: 0 };
  const status = { id: "l", phase: "complete", ...counts, revision: 1, error: null } as const;
  send({ seq: 1, event: { kind: "listing", status } });
  expect(heard).toHaveBeenCalledWith(status);
  end();
});
