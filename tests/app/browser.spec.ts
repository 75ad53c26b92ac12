/** Browsing against a server that nobody here wrote. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "./stand.ts";

test("a first run offers the profiles that were found", async ({ app }) => {
  const { page } = app;
  await expect(page.getByRole("heading", { name: "Welcome to Longshore" })).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "harbour" }).click();
  await expect(page.getByRole("option", { name: "harbour-survey" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Choose a bucket" })).toBeVisible();
});

test("the whole way down and up is walked by keyboard", async ({ app }) => {
  const { page, grid } = app;
  await app.openBucket("harbour-survey");
  await grid.focus();
  await page.keyboard.type("tid");
  await expect(app.row("tides/")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(app.row("tides/2026/")).toBeVisible();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(app.row("tides/2026/2026-01.csv")).toBeVisible();
  await page.keyboard.press("End");
  await expect(app.row("tides/2026/2026-12.csv")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Shift+ArrowUp");
  await expect(app.selected).toHaveCount(3);
  await page.keyboard.press("Control+a");
  await expect(page.getByText("12 of 12 selected")).toBeVisible();
  await page.keyboard.press("Backspace");
  await expect(app.row("tides/2026/")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(app.row("tides/2026/2026-07.csv")).toBeVisible();
});

test("an address that names an object selects it and shows what the server says", async ({ app }) => {
  const { page } = app;
  await app.chooseSession("harbour");
  await app.goTo("s3://harbour-survey/tides/2026/2026-09.csv");
  await expect(app.row("tides/2026/2026-09.csv")).toHaveAttribute("aria-selected", "true");
  await expect(app.selected).toHaveCount(1);
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details.getByRole("heading", { name: "2026-09.csv" })).toBeVisible();
  await expect(details.getByText("text/csv")).toBeVisible();
  await details.getByRole("tab", { name: "Metadata" }).click();
  await expect(details.getByText("longshore-samples")).toBeVisible();
});

test("an address that leads nowhere is kept and explained", async ({ app }) => {
  const { page } = app;
  await app.openBucket("harbour-survey");
  await app.goTo("s3://there-is-no-such-bucket-here/x");
  const field = page.getByRole("textbox", { name: "Address" });
  await expect(field).toHaveValue("s3://there-is-no-such-bucket-here/x");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText("there-is-no-such-bucket-here", { exact: false }).last()).toBeVisible();
  await field.press("Escape");
  await expect(app.row("tides/")).toBeVisible();
});

test("a row far down is found although its page comes last", async ({ app, s3, bucket }) => {
  test.slow();
  const keys = Array.from({ length: 2_300 }, (_, at) => `k/${String(at).padStart(5, "0")}.txt`);
  for (let at = 0; at < keys.length; at += 50) {
    await Promise.all(keys.slice(at, at + 50).map((key) => s3.put(bucket, key, "x")));
  }
  await app.chooseSession("harbour");
  await app.goTo(`s3://${bucket}/k/02255.txt`);
  await expect(app.row("k/02255.txt")).toHaveAttribute("aria-selected", "true");
  await expect(app.row("k/02255.txt")).toBeInViewport();
  await expect(app.grid).toHaveAttribute("aria-rowcount", "2301");
  await app.grid.focus();
  await app.page.keyboard.press("Home");
  await expect(app.row("k/00000.txt")).toBeInViewport();
  await expect(app.row("k/02255.txt"), "rows out of sight are no elements").toHaveCount(0);
});

test("a filter narrows the rows and is said when nothing matches", async ({ app }) => {
  const { page } = app;
  await app.openBucket("harbour-survey");
  await app.goTo("s3://harbour-survey/tides/2026/");
  await expect(app.row("tides/2026/2026-01.csv")).toBeVisible();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("-1");
  await expect(app.grid).toHaveAttribute("aria-rowcount", "4");
  await expect(app.row("tides/2026/2026-10.csv")).toBeVisible();
  await page.keyboard.type("9");
  await expect(page.getByRole("heading", { name: /Nothing here matches/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(app.grid).toHaveAttribute("aria-rowcount", "13");
});

test("an address can be typed from within the filter", async ({ app }) => {
  const { page } = app;
  await app.openBucket("harbour-survey");
  await page.keyboard.press("Control+f");
  await page.keyboard.type("zzz");
  await app.goTo("s3://harbour-survey/tides/2026/");
  await expect(app.row("tides/2026/2026-01.csv")).toBeVisible();
});

test("steps of the place are read whole, and fold where room is short", async ({ app }) => {
  const { page } = app;
  await page.setViewportSize({ width: 1440, height: 860 });
  await app.openBucket("harbour-survey");
  await app.goTo("s3://harbour-survey/photos/2026/lighthouse/");
  const place = page.getByRole("navigation", { name: "Place" });
  const cut = () =>
    place.getByRole("button").evaluateAll((steps) =>
      steps.filter((step) => step.scrollWidth > step.clientWidth).map((step) => step.textContent),
    );
  for (const step of ["harbour-survey", "photos", "2026", "lighthouse"]) {
    await expect(place.getByRole("button", { name: step, exact: true })).toBeVisible();
  }
  expect(await cut(), "all have room").toEqual([]);
  await page.setViewportSize({ width: 1000, height: 700 });
  await place.getByRole("button", { name: /more step/ }).click();
  await page.getByRole("menuitem", { name: "photos" }).click();
  await expect(app.row("photos/2026/")).toBeVisible();
});

test("columns sort and the selection stays with its key", async ({ app, s3, bucket }) => {
  await s3.put(bucket, "small.txt", "1");
  await s3.put(bucket, "large.txt", "1".repeat(5_000));
  await s3.put(bucket, "middle.txt", "1".repeat(70));
  await app.openBucket(bucket);
  await app.row("small.txt").click();
  const size = app.page.getByRole("columnheader", { name: "Size" });
  await size.getByRole("button").click();
  await expect(size).toHaveAttribute("aria-sort", "descending");
  await expect(app.row("large.txt")).toHaveAttribute("aria-rowindex", "2");
  await expect(app.row("small.txt")).toHaveAttribute("aria-rowindex", "4");
  await expect(app.selected).toHaveAttribute("data-key", "small.txt");
  await size.getByRole("button").click();
  await expect(app.row("small.txt")).toHaveAttribute("aria-rowindex", "2");
});

test("a refresh brings what others changed and keeps the selection", async ({ app, s3, bucket }) => {
  await s3.put(bucket, "b.txt", "b");
  await app.openBucket(bucket);
  await app.row("b.txt").click();
  await s3.put(bucket, "a.txt", "a");
  await app.page.keyboard.press("F5");
  await expect(app.row("a.txt")).toBeVisible();
  await expect(app.selected).toHaveAttribute("data-key", "b.txt");
});

test("keys of every kind are shown safely and opened", async ({ app, s3, bucket }) => {
  // SeaweedFS folds `//`; the unit tests cover what it cannot hold.
  const keys = ["a/b/leaf.txt", "two  spaces.txt", "東京 タワー.jpg", "invoice\u202Egpj.exe", "#?&+%.txt"];
  for (const key of keys) await s3.put(bucket, key, key);
  await app.openBucket(bucket);
  await expect(app.row("invoice\u202Egpj.exe")).toContainText("invoice\\u{202E}gpj.exe");
  await expect(app.row("two  spaces.txt")).toContainText("two ·spaces.txt");
  await expect(app.row("#?&+%.txt")).toBeVisible();
  await app.goTo(`s3://${bucket}/a/b/leaf.txt`);
  await expect(app.row("a/b/leaf.txt")).toHaveAttribute("aria-selected", "true");
  await app.page.keyboard.press("Backspace");
  await expect(app.row("a/b/")).toHaveAttribute("aria-selected", "true");
});

test("an empty bucket says how to fill it", async ({ app, bucket }) => {
  await app.openBucket(bucket);
  await expect(app.page.getByRole("heading", { name: "This bucket is empty" })).toBeVisible();
});

test("a new folder is made, shown and selected", async ({ app, bucket }) => {
  const { page } = app;
  await app.openBucket(bucket);
  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("Aufnahmen");
  await page.keyboard.press("Enter");
  await expect(app.row("Aufnahmen/")).toHaveAttribute("aria-selected", "true");
});

test("a session that may not list buckets opens one by its name", async ({ app, faults }) => {
  const { page } = app;
  await faults.add({
    method: "GET",
    times: 100,
    action: { do: "status", status: 403, code: "AccessDenied" },
  });
  await app.chooseSession("proxied");
  await expect(page.getByRole("heading", { name: "This session may not list buckets" })).toBeVisible();
  await faults.clear();
  await page.getByRole("main").getByRole("button", { name: "Open a bucket by name…" }).click();
  await page.getByRole("dialog").getByRole("textbox").first().fill("harbour-survey");
  await page.keyboard.press("Enter");
  await expect(app.row("tides/")).toBeVisible();
  const buckets = page.getByRole("listbox", { name: "Buckets" });
  await expect(buckets.getByRole("option", { name: "harbour-survey" })).toBeVisible();
});

test("a server that is away is said, and asked again when a person wants it", async ({ app, faults }) => {
  const { page } = app;
  await app.chooseSession("proxied");
  const buckets = page.getByRole("listbox", { name: "Buckets" });
  await expect(buckets.getByRole("option", { name: "harbour-survey" })).toBeVisible();
  await faults.goOffline();
  await buckets.getByRole("option", { name: "harbour-survey" }).click();
  await expect(page.getByRole("heading", { name: "The server cannot be reached" })).toBeVisible();
  await faults.goOnline();
  await page.getByRole("main").getByRole("button", { name: "Try again" }).click();
  await expect(app.row("tides/")).toBeVisible();
  await faults.goOffline();
  await page.keyboard.press("F5");
  await expect(page.getByText("could not be refreshed")).toBeVisible();
  await expect(app.row("tides/"), "what was shown is kept").toBeVisible();
});

test("files that are dragged in mark the folder under the pointer", async ({ app, bridge, s3, bucket }) => {
  await s3.put(bucket, "in/here.txt", "x");
  await s3.put(bucket, "zz.txt", "x");
  await writeFile(path.join(bridge.root, "dropped.txt"), "from the desktop");
  await app.openBucket(bucket);
  await app.drag("over", app.row("in/"));
  await expect(app.page.getByText(`Upload to s3://${bucket}/in/`)).toBeVisible();
  await app.drag("over", app.row("zz.txt"));
  await expect(app.page.getByText(`Upload to s3://${bucket}/`, { exact: true })).toBeVisible();
  await app.drag("leave", app.row("zz.txt"));
  await expect(app.page.getByText(`Upload to s3://${bucket}/`)).toHaveCount(0);
  await app.drag("drop", app.row("in/"), ["dropped.txt"]);
  await expect
    .poll(async () => (await s3.get(bucket, "in/dropped.txt"))?.toString(), { timeout: 60_000 })
    .toBe("from the desktop");
});

test("a finished upload shows in the folder without a refresh", async ({ app, bridge, bucket }) => {
  const { page } = app;
  await writeFile(path.join(bridge.root, "picked.txt"), "picked");
  await app.answerDialogs({ files: ["picked.txt"] });
  await app.openBucket(bucket);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await page.getByRole("menuitem", { name: "Files…" }).click();
  await expect(app.row("picked.txt")).toBeVisible();
});

test("deleting asks first and then takes the row away", async ({ app, s3, bucket }) => {
  const { page } = app;
  await s3.put(bucket, "stays.txt", "x");
  await s3.put(bucket, "goes.txt", "x");
  await app.openBucket(bucket);
  await app.row("goes.txt").click();
  await page.keyboard.press("Delete");
  await page.getByRole("button", { name: /^Delete 1 object/ }).click();
  await expect(app.row("goes.txt")).toHaveCount(0);
  await expect(app.row("stays.txt")).toBeVisible();
  await expect.poll(() => s3.get(bucket, "goes.txt")).toBe(null);
});

test("the chosen bucket chosen again leads to its top", async ({ app }) => {
  await app.openBucket("harbour-survey");
  const buckets = app.page.getByRole("listbox", { name: "Buckets" });
  const chosen = buckets.getByRole("option", { name: "harbour-survey" });
  await app.goTo("s3://harbour-survey/tides/2026/");
  await expect(app.row("tides/2026/2026-01.csv")).toBeVisible();
  await chosen.click();
  await expect(app.row("tides/")).toBeVisible();
  await app.goTo("s3://harbour-survey/tides/2026/");
  await expect(app.row("tides/2026/2026-01.csv")).toBeVisible();
  await chosen.focus();
  await app.page.keyboard.press("Enter");
  await expect(app.row("tides/"), "by keyboard as well").toBeVisible();
});

test("a press on the free area selects nothing", async ({ app, s3, bucket }) => {
  await s3.put(bucket, "one.txt", "1");
  await app.openBucket(bucket);
  await app.row("one.txt").click();
  await expect(app.selected).toHaveCount(1);
  const box = await app.grid.boundingBox();
  if (!box) throw new Error("the grid is there");
  await app.page.keyboard.down("Control");
  await app.page.mouse.click(box.x + box.width / 2, box.y + box.height - 30);
  await app.page.keyboard.up("Control");
  await expect(app.selected, "a selection that is being added to stays").toHaveCount(1);
  await app.page.mouse.click(box.x + box.width / 2, box.y + box.height - 30);
  await expect(app.selected).toHaveCount(0);
});

test("a size is never said of a prefix that has folders", async ({ app, s3, bucket }) => {
  await s3.put(bucket, "deep/big.bin", "x".repeat(5_000));
  await s3.put(bucket, "small.txt", "four");
  await app.openBucket(bucket);
  await expect(app.page.getByText("4 B directly in this prefix, beside 1 folder")).toBeVisible();
  await app.goTo(`s3://${bucket}/deep/`);
  await expect(app.page.getByText("5 KB in this prefix")).toBeVisible();
});

test("a refresh that hangs is said, and can be stopped", async ({ app, faults }) => {
  const { page } = app;
  await app.openBucket("harbour-survey", "proxied");
  await expect(app.row("tides/")).toBeVisible();
  await faults.add({ method: "GET", times: 100, action: { do: "hold" } });
  await page.keyboard.press("F5");
  await expect(page.getByText("Waiting for the server…")).toBeVisible();
  await page.getByRole("button", { name: "Stop refreshing" }).click();
  await expect(page.getByText("The refresh was stopped")).toBeVisible();
  await expect(app.row("tides/"), "what was shown is kept").toBeVisible();
  await faults.clear();
  await page.getByRole("main").getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("The refresh was stopped")).toHaveCount(0);
});

test("a session without a chosen bucket offers to create one", async ({ app }) => {
  await app.chooseSession("harbour");
  await app.page.getByRole("main").getByRole("button", { name: "Create a bucket…" }).click();
  await expect(app.page.getByRole("dialog").getByLabel("Name")).toBeFocused();
});

test("addresses of every form lead where they say", async ({ app }) => {
  const { page } = app;
  await app.openBucket("harbour-survey");
  await app.goTo("s3://harbour-survey/tides/2026");
  await expect(app.row("tides/2026/2026-01.csv"), "a folder without its slash").toBeVisible();
  for (const top of ["s3://harbour-survey", "s3://harbour-survey/"]) {
    await app.goTo(top);
    await expect(app.row("tides/"), top).toBeVisible();
    await app.goTo("s3://harbour-survey/tides/2026/");
    await expect(app.row("tides/2026/2026-01.csv")).toBeVisible();
  }
  const field = page.getByRole("textbox", { name: "Address" });
  for (const junk of ["https://example.com/x", "s3:///x", "no such place"]) {
    await app.goTo(junk);
    await expect(field, junk).toHaveAttribute("aria-invalid", "true");
    await field.press("Escape");
  }
  await expect(app.row("tides/2026/2026-01.csv"), "nothing moved").toBeVisible();
});

test("the grid tells where one is, by keys alone", async ({ app, s3, bucket }) => {
  const { page, grid } = app;
  const names = Array.from({ length: 60 }, (_, at) => `n${String(at).padStart(2, "0")}.txt`);
  await Promise.all(names.map((name) => s3.put(bucket, name, "x")));
  await app.openBucket(bucket);
  await expect(grid).toHaveAttribute("aria-rowcount", "61");
  await grid.focus();
  const isAt = async (name: string) => {
    await expect(app.row(name)).toHaveAttribute("aria-selected", "true");
    const id = await app.row(name).getAttribute("id");
    await expect(grid, "the current row is told").toHaveAttribute("aria-activedescendant", id ?? "");
  };
  await page.keyboard.press("Home");
  await isAt("n00.txt");
  await page.keyboard.press("ArrowDown");
  await isAt("n01.txt");
  await page.keyboard.press("End");
  await isAt("n59.txt");
  await page.keyboard.press("PageUp");
  await expect(app.row("n59.txt")).not.toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("PageDown");
  await isAt("n59.txt");
  await page.keyboard.press("Home");
  await isAt("n00.txt");
  await page.keyboard.press("Shift+F10");
  await expect(page.getByRole("menuitem", { name: "Rename…" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menuitem")).toHaveCount(0);
  await expect(grid, "the keyboard is back at the rows").toBeFocused();
  await page.keyboard.press("Escape");
  await expect(app.selected).toHaveCount(0);
});
