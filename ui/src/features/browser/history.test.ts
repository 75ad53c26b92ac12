import { expect, test } from "vitest";
import { NOWHERE, type Place, stepped, visited, visitNow, without, withCurrent } from "./history";

const place = (prefix: string, bucket = "b"): Place => ({ session: "s", bucket, prefix });

test("back and ahead retrace the steps", () => {
  let history = visited(visited(NOWHERE, { place: place("") }), { place: place("a/") });
  history = stepped(history, -1);
  expect(visitNow(history)?.place.prefix).toBe("");
  expect(stepped(history, -1), "there is nothing before the first").toBe(history);
  expect(visitNow(stepped(history, 1))?.place.prefix).toBe("a/");
});

test("a new step forgets what lay ahead", () => {
  let history = visited(visited(NOWHERE, { place: place("") }), { place: place("a/") });
  history = visited(stepped(history, -1), { place: place("z/") });
  expect(stepped(history, 1)).toBe(history);
});

test("going where one is adds no step", () => {
  const history = visited(NOWHERE, { place: place("a/") });
  expect(visited(history, { place: place("a/") })).toBe(history);
});

test("the current row is found again on return", () => {
  let history = visited(NOWHERE, { place: place("") });
  history = withCurrent(history, { kind: "object", key: "k" });
  history = stepped(visited(history, { place: place("a/") }), -1);
  expect(visitNow(history)?.current?.key).toBe("k");
});

test("a bucket that is gone leaves the history", () => {
  let history = visited(visited(NOWHERE, { place: place("") }), { place: place("", "gone") });
  history = without(history, (at) => at.bucket === "gone");
  expect(visitNow(history)?.place.bucket).toBe("b");
  expect(without(history, () => true).at).toBe(-1);
});
