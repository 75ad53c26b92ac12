/** Files go up and down in the window; the server is asked by other hands what it holds. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Locator } from "@playwright/test";
import { Proxy } from "../support/proxy.ts";
import type { S3 } from "../support/s3.ts";
import { expectAccessible } from "./accessible.ts";
import { saveConnection } from "./saved.ts";
import { type App, expect, test } from "./stand.ts";

/** The parts of the uploads here: the smallest that S3 allows. */
const PART = 5 * 1024 * 1024;

const dialogOf = ({ page }: App) => page.getByRole("dialog");
const jobOf = ({ page }: App, title: string) =>
  page.getByRole("region", { name: "Transfers" }).getByRole("listitem", { name: title });

async function write(app: App, name: string, content: string | Uint8Array): Promise<void> {
  const file = path.join(app.bridge.root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

test.use({ bridgeOptions: { args: ["--part-size", String(PART)], environment: {} } });

/** Lets files go over the folder that is shown, beside its rows. */
async function drop(app: App, paths: string[]): Promise<void> {
  const here = app.page.locator("[data-drop-prefix]").first();
  await app.drag("over", here);
  await app.drag("drop", here, paths);
}

test("dropped files and a folder arrive byte for byte", async ({ app, s3, bucket }) => {
  const big = randomBytes(2 * PART + 12_345);
  await write(app, "note.txt", "a note");
  await write(app, "big.bin", big);
  await write(app, "album/über/leaf.txt", "a leaf");
  await write(app, "album/empty.txt", "");
  await app.openBucket(bucket);
  await drop(app, ["note.txt", "big.bin", "album"]);
  await expect(app.page.locator('li[data-state="done"]')).toHaveCount(1);
  await expect(app.page.getByText("Done · verified")).toBeVisible();
  await expect(app.row("album/"), "the listing shows it by itself").toBeVisible();
  const keys = ["album/empty.txt", "album/über/leaf.txt", "big.bin", "note.txt"];
  expect((await s3.keysOf(bucket)).toSorted()).toEqual(keys);
  expect((await s3.get(bucket, "big.bin"))?.equals(big), "every byte of the parts").toBe(true);
  expect((await s3.get(bucket, "album/über/leaf.txt"))?.toString()).toBe("a leaf");
  expect((await s3.get(bucket, "album/empty.txt"))?.length, "nothing is something").toBe(0);
  await expectAccessible(app.page);
});

test("what exists already is asked about and not lost", async ({ app, s3, bucket }) => {
  await s3.put(bucket, "note.txt", "the old one");
  await write(app, "note.txt", "the new one");
  await app.openBucket(bucket);
  await drop(app, ["note.txt"]);
  const start = dialogOf(app).getByRole("button", { name: /^Upload/ });
  await expect(start, "nothing is chosen beforehand").toBeDisabled();
  await expectAccessible(app.page);
  await dialogOf(app).getByText("Keep both").click();
  await start.click();
  await expect(app.row("note (1).txt")).toBeVisible();
  expect((await s3.get(bucket, "note.txt"))?.toString(), "it is as it was").toBe("the old one");
  expect((await s3.get(bucket, "note (1).txt"))?.toString()).toBe("the new one");

  await drop(app, ["note.txt"]);
  await dialogOf(app).getByText("Overwrite").click();
  await start.click();
  await expect(app.page.locator('li[data-state="done"]')).toHaveCount(2);
  expect((await s3.get(bucket, "note.txt"))?.toString()).toBe("the new one");
});

test("a paused upload goes on, and its strip never runs ahead of the server", async ({
  app,
  server,
  s3,
  bucket,
}) => {
  const proxy = await Proxy.start(server.endpoint);
  const content = randomBytes(8 * PART);
  await write(app, "film.bin", content);
  await saveConnection(app.bridge, server, proxy.endpoint);
  await app.openBucket(bucket, "Quay");
  // Three parts pass, the others are held: the job stands still with a known share.
  await proxy.add({
    method: "PUT",
    query: "partNumber",
    nth: 4,
    times: 1000,
    action: { do: "hold" },
  });
  await drop(app, ["film.bin"]);
  const job = jobOf(app, "film.bin");
  await expect.poll(() => shareShown(job, s3, bucket), "three of eight parts").toBe(3 / 8);
  await job.getByRole("button", { name: "Pause film.bin" }).click();
  await expect(job.getByText("Paused")).toBeVisible();
  await expect.poll(() => shareShown(job, s3, bucket), "a pause loses nothing").toBe(3 / 8);

  const held = (await proxy.requests()).filter(isAcceptedPart).map((part) => part.partNumber);
  await proxy.clear();
  await proxy.forget();
  await job.getByRole("button", { name: "Resume film.bin" }).click();
  await expect(job).toHaveAttribute("data-state", "done");
  const sent = (await proxy.requests()).filter(isAcceptedPart).map((part) => part.partNumber);
  expect(sent.filter((part) => held.includes(part)), "no held part is sent again").toEqual([]);
  expect((await s3.get(bucket, "film.bin"))?.equals(content), "every byte").toBe(true);
  await proxy.stop();
});

test("a cancelled upload leaves no parts on the server", async ({ app, server, s3, bucket }) => {
  const proxy = await Proxy.start(server.endpoint);
  await write(app, "film.bin", randomBytes(6 * PART));
  await saveConnection(app.bridge, server, proxy.endpoint);
  await app.openBucket(bucket, "Quay");
  await proxy.add({
    method: "PUT",
    query: "partNumber",
    nth: 3,
    times: 1000,
    action: { do: "hold" },
  });
  await drop(app, ["film.bin"]);
  const job = jobOf(app, "film.bin");
  await expect.poll(() => heldBytes(s3, bucket)).toBe(2 * PART);
  await job.getByRole("button", { name: "Cancel film.bin" }).click();
  await expect(job).toHaveAttribute("data-state", "cancelled");
  await expect.poll(() => s3.openUploads(bucket), "nothing is left to pay for").toEqual([]);
  expect(await s3.keysOf(bucket), "and no object").toEqual([]);
  await proxy.stop();
});

test("a failure says why, and writes nothing", async ({ app, server, s3, bucket }) => {
  const proxy = await Proxy.start(server.endpoint);
  await write(app, "note.txt", "a note");
  await saveConnection(app.bridge, server, proxy.endpoint);
  await app.openBucket(bucket, "Quay");
  await proxy.add({
    method: "PUT",
    path: "note.txt",
    times: 1000,
    action: { do: "status", status: 403, code: "AccessDenied" },
  });
  await drop(app, ["note.txt"]);
  const job = jobOf(app, "note.txt");
  await expect(job).toHaveAttribute("data-state", "failed");
  await job.getByRole("button", { name: "Items of note.txt" }).click();
  await expect(job.getByRole("list", { name: "Items of note.txt" })).toContainText("Failed");
  await expectAccessible(app.page);
  expect(await s3.keysOf(bucket), "nothing was written").toEqual([]);
  await proxy.stop();
});

test("an object is downloaded byte for byte", async ({ app, s3, bucket }) => {
  const content = randomBytes(PART + 77);
  await s3.put(bucket, "2026/film.bin", new Uint8Array(content));
  await app.openBucket(bucket);
  await app.answerDialogs({ folder: "." });
  await app.row("2026/").click({ button: "right" });
  await app.page.getByRole("menuitem", { name: /^Download/ }).click();
  await expect(app.page.locator('li[data-state="done"]')).toHaveCount(1);
  const got = await readFile(path.join(app.bridge.root, "2026/film.bin"));
  expect(got.equals(content), "every byte").toBe(true);
});

test("a typed path is uploaded once the system's prompt agreed", async ({ app, s3, bucket }) => {
  await write(app, "note.txt", "a note");
  await app.openBucket(bucket);
  await app.page.getByRole("button", { name: "Upload" }).click();
  await app.page.getByRole("menuitem", { name: "A typed path…" }).click();
  await dialogOf(app).getByLabel("Path").fill("~/note.txt");
  await app.page.keyboard.press("Enter");
  await expect(dialogOf(app).getByLabel("Path"), "a No leaves what was typed").toHaveValue(
    "~/note.txt",
  );
  await expect(dialogOf(app).getByText("You did not allow this path")).toBeVisible();
  expect(await s3.keysOf(bucket), "and nothing is read").toEqual([]);
  await app.answerDialogs({ confirm: true });
  await dialogOf(app).getByRole("button", { name: "Upload" }).click();
  await expect(app.row("note.txt")).toBeVisible();
});

const isAcceptedPart = (request: { partNumber: number | null; status: number | null }) =>
  request.partNumber !== null && request.status === 200;

/** Bytes of parts that the server holds of unfinished uploads. */
async function heldBytes(s3: S3, bucket: string): Promise<number> {
  const uploads = await s3.openUploads(bucket);
  const sizes = await Promise.all(uploads.map((upload) => s3.partSizes(bucket, upload)));
  return sizes.flat().reduce((sum, size) => sum + size, 0);
}

/**
 * The share of a job's strip that is drawn as acknowledged. The strip is read before the server is
 * asked, so that a part which arrives in between cannot excuse one that was drawn too early.
 */
async function shareShown(job: Locator, s3: S3, bucket: string): Promise<number> {
  const map = (await job.getByRole("progressbar").getAttribute("data-map")) ?? "";
  const done = Array.from(map).filter((cell) => cell === "d").length;
  const share = map === "" ? 0 : done / map.length;
  const held = (await heldBytes(s3, bucket)) / (8 * PART);
  expect(share, "never ahead of what the server holds").toBeLessThanOrEqual(held);
  return share;
}
