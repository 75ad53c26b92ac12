/** A secret that no keychain kept is asked for again, and what waited for it goes on. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expectAccessible } from "./accessible.ts";
import { callBridge, saveConnection } from "./saved.ts";
import { type App, expect, test } from "./stand.ts";

/** The smallest part that S3 allows. */
const PART = 5 * 1024 * 1024;
const dialogOf = ({ page }: App) => page.getByRole("dialog");
const sessionOf = ({ page }: App, name: string) =>
  page.getByRole("listbox", { name: "Sessions" }).getByRole("option", { name });
const jobOf = ({ page }: App, title: string) =>
  page.getByRole("region", { name: "Transfers" }).getByRole("listitem", { name: title });

test.use({ bridgeOptions: { args: ["--part-size", String(PART)], environment: {} } });

test("it is said before a secret is saved that it stays in memory only", async ({ app }) => {
  await app.page.getByRole("button", { name: "New connection", exact: true }).click();
  await expect(dialogOf(app).getByText(/kept in memory only, until Longshore ends/)).toBeVisible();
  await expect(dialogOf(app).getByText(/nowhere else/)).toHaveCount(0);
  await expectAccessible(app.page);
});

test("after a restart the secret is asked for, and the waiting job goes on by itself", async ({
  app: before,
  restart,
  server,
  faults,
  s3,
  bucket,
}) => {
  const content = randomBytes(2 * PART + 17);
  await writeFile(path.join(before.bridge.root, "film.mov"), content);
  await saveConnection(before.bridge, server, faults.endpoint);
  await sessionOf(before, "Quay").click();
  await before.page.getByRole("option", { name: bucket }).click();
  const parts = await faults.add({ method: "PUT", query: "partNumber", times: 1000, action: { do: "hold" } });
  const here = before.page.locator("[data-drop-prefix]").first();
  await before.drag("over", here);
  await before.drag("drop", here, ["film.mov"]);
  await expect.poll(() => faults.applied(parts), { timeout: 60_000 }).toBeGreaterThan(0);

  const app = await restart();
  await faults.clear();
  const { page } = app;
  await expect(sessionOf(app, "Quay"), "its state is said in the list").toContainText("needs secret");
  await sessionOf(app, "Quay").click();
  await expect(page.getByText("Needs its secret").first(), "and in its bar").toBeVisible();
  await expect(page.getByText("Keys in memory only"), "which would be untrue now").toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Resume film.mov" }).click();
  const job = jobOf(app, "film.mov");
  await expect(job).toHaveAttribute("data-state", "waitingForSignIn");
  await job.getByRole("button", { name: "Enter the secret for film.mov" }).click();
  const secret = dialogOf(app).getByLabel("Secret access key");
  await expect(secret, "the dialog begins where something is missing").toBeFocused();
  await expect(secret).toHaveAttribute("placeholder", "Not kept any more; enter it");
  await expectAccessible(page);
  await page.keyboard.type(server.secretAccessKey);
  await page.keyboard.press("Enter");
  await expect(dialogOf(app)).toHaveCount(0);
  await expect(job, "nobody asked it again").toHaveAttribute("data-state", "done");
  expect((await s3.get(bucket, "film.mov"))?.equals(content), "all of it").toBe(true);
  await expect(page.getByRole("option", { name: bucket }), "the session works").toBeVisible();
  await expect(page.getByText("Needs its secret")).toHaveCount(0);
});

test("an open folder is listed anew when its connection comes to stand for another", async ({
  app,
  server,
  s3,
  bucket,
}) => {
  await s3.put(bucket, "here.txt", "x");
  await saveConnection(app.bridge, server);
  await sessionOf(app, "Quay").click();
  await app.page.getByRole("option", { name: bucket }).click();
  await expect(app.row("here.txt")).toBeVisible();
  const [saved] = await callBridge<{ id: string; name: string }[]>(app.bridge, "sessions_list", {});
  await callBridge(app.bridge, "session_save", {
    id: saved?.id,
    name: "Quay",
    source: { kind: "keychain", accessKeyId: server.limited.accessKeyId },
    secret: server.limited.secretAccessKey,
    endpointUrl: server.endpoint,
    region: server.region,
  });
  await expect(app.page.getByText(/was listed anew/)).toBeVisible();
  await expect(app.row("here.txt"), "nothing of the other is left").toHaveCount(0);
  await expect(app.page.getByRole("heading", { name: "You may not list this" })).toBeVisible();
  await expect(app.page.getByRole("option", { name: bucket }), "nor its buckets").toHaveCount(0);
});

test("what is said three times is shown once, above the dock and its buttons", async ({ app }) => {
  await expect(app.page.getByRole("heading", { name: "Welcome to Longshore" })).toBeVisible();
  await writeFile(path.join(app.bridge.root, "note.txt"), "a note");
  for (let times = 0; times < 3; times += 1) {
    await app.drag("drop", app.page.getByRole("main"), ["note.txt"]);
  }
  const notices = app.page.getByRole("region", { name: "Notices" });
  await expect(notices.getByText("Open a folder first, then drop files onto it")).toHaveCount(1);
  const [shown, dock] = await Promise.all([
    notices.boundingBox(),
    app.page.getByRole("region", { name: "Transfers" }).boundingBox(),
  ]);
  if (shown === null || dock === null) throw new Error("both are there");
  expect(shown.height, "there is something to see").toBeGreaterThan(20);
  expect(shown.y + shown.height, "no button of the dock is covered").toBeLessThanOrEqual(dock.y);
});
