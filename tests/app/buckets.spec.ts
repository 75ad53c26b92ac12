/** Buckets, folders and objects are made, renamed and deleted in the window. */
import { randomUUID } from "node:crypto";
import { expectAccessible } from "./accessible.ts";
import { type App, expect, test } from "./stand.ts";

const dialogOf = ({ page }: App) => page.getByRole("dialog");
const alertOf = ({ page }: App) => page.getByRole("alertdialog");

test("a bucket is created and shown", async ({ app, s3 }) => {
  const name = `made-${randomUUID()}`;
  await app.chooseSession("harbour");
  await app.page.getByRole("button", { name: "Create a bucket", exact: true }).click();
  await dialogOf(app).getByLabel("Name").fill(name);
  await expectAccessible(app.page);
  await app.page.keyboard.press("Enter");
  await expect(dialogOf(app)).toHaveCount(0);
  await expect(app.page.getByRole("option", { name })).toBeVisible();
  expect(await s3.buckets(), "the server holds it").toContain(name);
});

test("the server's refusal of a bucket stands beside its name", async ({ app, bucket }) => {
  await app.chooseSession("harbour");
  await app.page.getByRole("button", { name: "Create a bucket", exact: true }).click();
  const name = dialogOf(app).getByLabel("Name");
  await name.fill(bucket);
  await app.page.keyboard.press("Enter");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name, "what was typed stays").toHaveValue(bucket);
});

test("a bucket is deleted only when it is empty", async ({ app, s3, bucket }) => {
  await s3.put(bucket, "kept.txt", "kept");
  await app.openBucket(bucket);
  await app.page.getByRole("option", { name: bucket }).click({ button: "right" });
  await app.page.getByRole("menuitem", { name: "Delete…" }).click();
  await expect(alertOf(app).getByRole("button", { name: "Cancel" })).toBeFocused();
  await alertOf(app).getByRole("button", { name: "Delete bucket" }).click();
  await expect(alertOf(app).getByText("It is not empty.", { exact: false })).toBeVisible();
  expect(await s3.keysOf(bucket), "nothing was removed").toEqual(["kept.txt"]);
});

test("an empty bucket is deleted", async ({ app, s3, bucket }) => {
  await app.openBucket(bucket);
  await app.page.getByRole("option", { name: bucket }).click({ button: "right" });
  await app.page.getByRole("menuitem", { name: "Delete…" }).click();
  await alertOf(app).getByRole("button", { name: "Delete bucket" }).click();
  await expect(app.page.getByRole("option", { name: bucket })).toHaveCount(0);
  expect(await s3.buckets(), "the server has let go of it").not.toContain(bucket);
});

test("a deletion shows its plan first, and removes what it said", async ({ app, s3, bucket }) => {
  const keys = ["a.txt", "b.txt", "raw/one.bin", "raw/two.bin"];
  for (const key of keys) await s3.put(bucket, key, key);
  await app.openBucket(bucket);
  await app.row("a.txt").click();
  await app.row("raw/").click({ modifiers: ["Control"] });
  await app.grid.press("Delete");
  const start = dialogOf(app).getByRole("button", { name: "Delete 3 objects" });
  await expect(start).toBeVisible();
  await expect(dialogOf(app).getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(app.page);
  expect(await s3.keysOf(bucket), "a plan removes nothing").toEqual(keys);
  await app.page.keyboard.press("Escape");
  await expect(dialogOf(app)).toHaveCount(0);

  await app.grid.press("Delete");
  await start.click();
  await expect(app.row("a.txt")).toHaveCount(0);
  // SeaweedFS may go on to list the emptied folder, so the keys are asked for.
  await expect.poll(() => s3.keysOf(bucket), "what was not selected stays").toEqual(["b.txt"]);
});

test("a folder is made and an object renamed through its plan", async ({ app, s3, bucket }) => {
  await s3.put(bucket, "draft.txt", "words");
  await app.openBucket(bucket);
  await app.page.getByRole("button", { name: "New folder" }).click();
  await dialogOf(app).getByLabel("Name").fill("2026");
  await app.page.keyboard.press("Enter");
  await expect(app.row("2026/")).toBeVisible();

  await app.row("draft.txt").click();
  await app.grid.press("F2");
  const name = dialogOf(app).getByLabel("New name");
  await expect(name).toHaveValue("draft.txt");
  await name.fill("final.txt");
  await app.page.keyboard.press("Enter");
  await dialogOf(app).getByRole("button", { name: "Move 1 object" }).click();
  await expect(app.row("final.txt")).toBeVisible();
  await expect(app.row("draft.txt")).toHaveCount(0);
  expect((await s3.get(bucket, "final.txt"))?.toString(), "its content went along").toBe("words");
});
