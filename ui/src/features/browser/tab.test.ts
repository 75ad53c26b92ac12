import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Listing } from "../../state/listing";
import { failure } from "../../host/fakeHost";
import { setHost } from "../../host/host";
import { MemoryHost } from "../../host/memory";
import { job, session, stored, type World } from "../../host/memory/world";
import { startEvents } from "../../state/events";
import { bytesSelected, countSelected, isSelected } from "./selection";
import { Tab } from "./tab";

/** Far longer than any answer takes, since the machine may be busy. */
const PATIENCE = { timeout: 30_000, interval: 5 };

function world(keys: readonly string[]): World {
  return {
    sessions: [session("s")],
    buckets: new Map([["s", [{ name: "b", created: null, region: null }]]]),
    objects: new Map([["b", keys.map((key) => stored(key, 10))]]),
    jobs: [job("1", { session: "s", touchesBucket: "b", touchesPrefix: "" })],
  };
}

const LETTERS = Array.from("abcdefghijklmnopqrst");
const PLACE = { session: "s", bucket: "b", prefix: "" };

let host: MemoryHost;
let tab: Tab;
let stop: () => void;

function begin(keys: readonly string[], byHand: boolean): void {
  host = new MemoryHost({ world: world(keys), pageSize: 5, byHand });
  setHost(host);
  stop = startEvents();
  tab = new Tab();
}

beforeEach(() => begin(LETTERS, false));
afterEach(() => {
  tab.close();
  stop();
});

const listing = (): Listing => {
  const now = tab.state.get().listing;
  if (!now) throw new Error("the tab shows no listing");
  return now;
};
const cursor = () => tab.cursor.state.get();
const picked = () => [...cursor().selection.picked.values()].map((row) => row.key);
const until = (what: () => void) => vi.waitFor(what, PATIENCE);
const complete = () => until(() => expect(listing().status?.phase).toBe("complete"));
const stepTo = async (to: number, how: "only" | "range" | "add" = "only") => {
  await tab.cursor.step(to, how);
};
const filterTo = async (filter: string, rows: number) => {
  tab.filterBy(filter);
  await until(() => expect(listing().status?.rows).toBe(rows));
};

describe("an address that names an object", () => {
  test("selects its row although its page comes last", async () => {
    tab.close();
    stop();
    begin(LETTERS, true);
    const failed = await tab.goToAddress("s", "s3://b/r");
    expect(failed).toBe(undefined);
    await until(() => expect(listing().status).toBeDefined());
    host.step();
    host.step();
    await until(() => expect(listing().status?.rows).toBe(10));
    expect(picked(), "its page has not come").toEqual([]);
    host.step();
    host.step();
    await until(() => expect(picked()).toEqual(["r"]));
    expect(cursor().show?.position, "and it is scrolled to").toBe(17);
  });

  test("is given up only when the listing has ended without it", async () => {
    tab.close();
    stop();
    begin(LETTERS, true);
    const missing = vi.fn<(key: string) => void>();
    tab.cursor.onMissing = missing;
    tab.go(PLACE, "zz", true);
    await until(() => expect(listing().status).toBeDefined());
    for (const page of [1, 2, 3]) {
      host.step();
      await until(() => expect(listing().status?.requests).toBe(page));
    }
    expect(missing, "another page may hold it").not.toHaveBeenCalled();
    host.step();
    await until(() => expect(missing).toHaveBeenCalledWith("zz"));
  });

  test("gives way to a step that a person takes meanwhile", async () => {
    tab.close();
    stop();
    begin(LETTERS, true);
    tab.go(PLACE, "r");
    await until(() => expect(listing().status).toBeDefined());
    host.step();
    await until(() => expect(listing().status?.rows).toBe(5));
    await stepTo(2);
    for (const rows of [10, 15, 20]) {
      host.step();
      await until(() => expect(listing().status?.rows).toBe(rows));
    }
    await tab.cursor.relocate();
    expect(picked(), "the person's choice stays").toEqual(["c"]);
  });

  test("that leads nowhere is said and changes nothing", async () => {
    tab.go(PLACE);
    await complete();
    const failed = await tab.goToAddress("s", "s3://nobody/x");
    expect(failed?.code).toBe("noSuchBucket");
    expect(tab.place).toEqual(PLACE);
  });
});

describe("a selection", () => {
  test("stays with its keys when the order turns around", async () => {
    tab.go(PLACE);
    await complete();
    await stepTo(2);
    tab.sortBy("name");
    await until(() => expect(cursor().current?.position).toBe(17));
    expect(picked()).toEqual(["c"]);
    expect(cursor().current?.row?.key).toBe("c");
  });

  test("spans a range that no window holds", async () => {
    tab.go(PLACE);
    await complete();
    await stepTo(3);
    await stepTo(6, "range");
    expect(picked()).toEqual(["d", "e", "f", "g"]);
    expect(bytesSelected(cursor().selection)).toBe(40);
    await stepTo(1, "range");
    expect(picked(), "from the same end").toEqual(["b", "c", "d"]);
  });

  test("of everything names the prefix, or each row when one was taken out", async () => {
    tab.go(PLACE);
    await complete();
    tab.cursor.selectAll();
    expect(countSelected(cursor().selection, 20)).toBe(20);
    expect(await tab.cursor.targets()).toEqual([{ kind: "prefix", prefix: "" }]);
    await stepTo(0, "add");
    expect(isSelected(cursor().selection, { kind: "object", key: "a" })).toBe(false);
    expect(await tab.cursor.targets()).toHaveLength(19);
  });

  test("of everything under a filter names the rows it lets through and no prefix", async () => {
    tab.close();
    stop();
    begin(["log-1", "log-2", "photo"], false);
    tab.go(PLACE);
    await complete();
    await filterTo("log", 2);
    tab.cursor.selectAll();
    expect(await tab.cursor.targets()).toEqual([
      { kind: "object", key: "log-1" },
      { kind: "object", key: "log-2" },
    ]);
    await filterTo("o", 3);
    tab.cursor.selectAll();
    expect(await tab.cursor.targets(), "although it lets all through").toHaveLength(3);
  });

  test("of everything waits for a filter that is on its way", async () => {
    tab.go(PLACE);
    await complete();
    void listing().show({ ...tab.state.get().view, filter: "c" });
    tab.cursor.selectAll();
    expect(await tab.cursor.targets()).toEqual([{ kind: "object", key: "c" }]);
  });

  test("of everything ends when the filter is cleared", async () => {
    tab.go(PLACE);
    await complete();
    await filterTo("c", 1);
    tab.cursor.selectAll();
    await filterTo("", 20);
    expect(countSelected(cursor().selection, 20)).toBe(0);
    expect(await tab.cursor.targets()).toEqual([]);
  });

  test("ends when a filter hides its rows, and so does their being current", async () => {
    tab.go(PLACE);
    await complete();
    await stepTo(2);
    await filterTo("d", 1);
    expect(picked()).toEqual([]);
    await until(() => expect(cursor().current?.row?.key).toBe("d"));
    expect(await tab.cursor.targets(), "what is current is not selected").toEqual([]);
  });

  test("ends although a range was still on its way", async () => {
    tab.go(PLACE);
    await complete();
    await stepTo(2);
    const range = tab.cursor.step(6, "range");
    tab.cursor.beginFilter();
    await range;
    expect(picked()).toEqual([]);
  });

  test("survives a refresh without the keys that are gone", async () => {
    tab.go(PLACE);
    await complete();
    await stepTo(2);
    await stepTo(4, "range");
    host.world.objects.set("b", LETTERS.filter((key) => key !== "d").map((key) => stored(key)));
    const before = listing();
    tab.refresh();
    expect(listing(), "the old rows are shown until the new ones are complete").toBe(before);
    await until(() => expect(listing()).not.toBe(before));
    await until(() => expect(picked()).toEqual(["c", "e"]));
    await until(() => expect(cursor().current?.row?.key).toBe("e"));
    expect(cursor().current?.position, "its row has moved up").toBe(3);
  });

  test("goes to what was made, once a refresh brings it", async () => {
    tab.go(PLACE);
    await complete();
    host.world.objects.get("b")?.push(stored("made/", 0));
    tab.refresh("made/");
    await until(() => expect(picked()).toEqual(["made/"]));
  });

  test("leaves the neighbour current when its row was deleted", async () => {
    tab.go(PLACE);
    await complete();
    await stepTo(4);
    host.world.objects.set("b", LETTERS.filter((key) => key !== "e").map((key) => stored(key)));
    tab.refresh();
    await until(() => expect(cursor().current?.row?.key).toBe("f"));
    expect(picked(), "nothing is selected by accident").toEqual([]);
  });
});

describe("a tab", () => {
  test("goes up to the folder it left, and back", async () => {
    tab.close();
    stop();
    begin(["x/1", "y/2", "z"], false);
    tab.go({ ...PLACE, prefix: "y/" });
    await complete();
    tab.up();
    await until(() => expect(picked()).toEqual(["y/"]));
    tab.back();
    expect(tab.place?.prefix).toBe("y/");
    tab.forward();
    expect(tab.place?.prefix).toBe("");
  });

  test("keeps what it shows when a refresh fails, and says so", async () => {
    tab.go(PLACE);
    await complete();
    const before = listing();
    host.listingFailure = { after: 1, error: failure("offline", "The network is gone") };
    tab.refresh();
    await until(() => expect(tab.state.get().refreshError).toMatchObject({ code: "offline" }));
    expect(listing()).toBe(before);
    expect(before.status?.rows).toBe(20);
    host.listingFailure = undefined;
    tab.refresh();
    await until(() => expect(listing()).not.toBe(before));
    expect(tab.state.get().refreshError).toBe(undefined);
  });

  test("keeps what it shows when a refresh is stopped, and says so", async () => {
    tab.go(PLACE);
    await complete();
    const before = listing();
    tab.refresh();
    const { upcoming } = tab.state.get();
    expect(upcoming, "another listing is on its way").toBeDefined();
    tab.stopRefresh();
    expect(tab.state.get()).toMatchObject({ upcoming: undefined, refreshError: "stopped" });
    expect(listing(), "the rows of before").toBe(before);
    tab.refresh();
    await until(() => expect(listing()).not.toBe(before));
    expect(tab.state.get().refreshError).toBe(undefined);
  });

  test("keeps what came of a listing that broke off", async () => {
    host.listingFailure = { after: 2, error: failure("offline", "The network is gone") };
    tab.go(PLACE);
    await until(() => expect(listing().status?.phase).toBe("failed"));
    expect(listing().status?.rows).toBe(10);
    listing().want(0, 10);
    await until(() => expect(listing().rowAt(9)?.key).toBe("j"));
  });

  test("refreshes once a job that touches it has ended", async () => {
    tab.go(PLACE);
    await complete();
    const opened = () => host.calls.filter((call) => call.name === "listing_open").length;
    const one = job("1", { touchesBucket: "b", touchesPrefix: "deep/er/" });
    tab.hearJob({ ...one, state: "running" }, { ...one, state: "running" });
    expect(opened(), "it still runs").toBe(1);
    tab.hearJob({ ...one, state: "running" }, { ...one, state: "done" });
    expect(opened(), "a new folder may be seen from above").toBe(2);
    tab.hearJob({ ...one, state: "done" }, { ...one, state: "done" });
    tab.hearJob({ ...one, state: "running" }, { ...one, touchesBucket: "c", state: "done" });
    expect(opened()).toBe(2);
  });

  test("closes its listings on the other side", async () => {
    tab.go(PLACE);
    await complete();
    tab.go({ ...PLACE, prefix: "a/" });
    await complete();
    expect(host.calls.filter((call) => call.name === "listing_close")).toHaveLength(1);
  });
});
