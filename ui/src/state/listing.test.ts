import { beforeEach, expect, test, vi } from "vitest";
import type { ListingRow, ListingStatus, RowWindow } from "../contract/types";
import { failure, setFakeHost } from "../host/fakeHost";
import { HostError } from "../host/host";
import { takeEvent } from "./events";
import { FIRST_VIEW, isLater, Listing } from "./listing";

const PATIENCE = { timeout: 30_000, interval: 5 };
const PLACE = { session: "s", bucket: "b", prefix: "" };

const status = (change: Partial<ListingStatus>): ListingStatus => ({
  id: "l",
  phase: "running",
  rows: 0,
  total: 0,
  prefixes: 0,
  bytes: 0,
  requests: 0,
  elapsedMs: 0,
  revision: 1,
  error: null,
  undecodable: 0,
  ...change,
});

const row = (key: string): ListingRow => ({
  kind: "object",
  key,
  size: 1,
  modified: null,
  etag: null,
  storageClass: null,
  versionId: null,
});

const tell = (change: Partial<ListingStatus>) =>
  takeEvent({ kind: "listing", status: status(change) });

let answerOpen: (status: ListingStatus) => void;
let windows: RowWindow[];

beforeEach(() => {
  windows = [];
  setFakeHost({
    listing_open: () => new Promise((resolve) => (answerOpen = resolve)),
    listing_rows: () => {
      const window = windows.shift();
      if (!window) throw new HostError(failure("gone", "This listing is closed"));
      return window;
    },
    listing_close: () => null,
  });
});

const opened = async () => {
  const listing = new Listing(PLACE, FIRST_VIEW);
  answerOpen(status({ rows: 2, total: 2, revision: 2 }));
  await vi.waitFor(() => expect(listing.status).toBeDefined(), PATIENCE);
  return listing;
};

test("what the engine says before the page knows the listing's id is not lost", async () => {
  const listing = new Listing(PLACE, FIRST_VIEW);
  tell({ phase: "complete", rows: 7, revision: 9, requests: 1 });
  answerOpen(status({}));
  await vi.waitFor(() => expect(listing.status?.rows).toBe(7), PATIENCE);
  expect(listing.status?.phase).toBe("complete");
});

test("an older status never replaces a later one", async () => {
  const listing = await opened();
  tell({ rows: 5, revision: 5 });
  tell({ rows: 3, revision: 3 });
  expect(listing.status?.rows).toBe(5);
  tell({ id: "another", rows: 99, revision: 99 });
  expect(listing.status?.rows, "nor does another listing's").toBe(5);
  expect(isLater(status({ phase: "complete" }), status({}))).toBe(true);
  expect(isLater(status({}), status({ phase: "complete" }))).toBe(false);
});

test("stale rows are shown until the present ones arrive", async () => {
  const listing = await opened();
  windows.push({ revision: 2, start: 0, rows: [row("b"), row("c")] });
  listing.want(0, 2);
  await vi.waitFor(() => expect(listing.rowAt(0)?.key).toBe("b"), PATIENCE);
  tell({ rows: 3, revision: 3 });
  expect(listing.rowAt(0)?.key, "until then").toBe("b");
  windows.push({ revision: 3, start: 0, rows: [row("a"), row("b"), row("c")] });
  listing.want(0, 3);
  await vi.waitFor(() => expect(listing.rowAt(0)?.key).toBe("a"), PATIENCE);
});

test("a window of an earlier revision does not undo a later one", async () => {
  const listing = await opened();
  tell({ rows: 1, revision: 4 });
  windows.push({ revision: 4, start: 0, rows: [row("new")] });
  listing.want(0, 1);
  await vi.waitFor(() => expect(listing.rowAt(0)?.key).toBe("new"), PATIENCE);
  tell({ rows: 1, revision: 5 });
  windows.push({ revision: 3, start: 0, rows: [row("old")] });
  listing.want(0, 1);
  await vi.waitFor(() => expect(windows).toHaveLength(0), PATIENCE);
  expect(listing.rowAt(0)?.key).toBe("new");
});

test("a listing that is gone says so", async () => {
  const listing = await opened();
  listing.want(0, 2);
  await vi.waitFor(() => expect(listing.state.get().error?.code).toBe("gone"), PATIENCE);
});
