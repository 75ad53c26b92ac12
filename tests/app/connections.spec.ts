/** Connections are made, tested, saved, edited and removed in the window. */
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Proxy } from "../support/proxy.ts";
import type { Server } from "../support/server.ts";
import { expectAccessible } from "./accessible.ts";
import { callBridge, saveConnection } from "./saved.ts";
import { type App, expect, test } from "./stand.ts";

const dialogOf = ({ page }: App) => page.getByRole("dialog");
const press = (app: App, name: string) =>
  dialogOf(app).getByRole("button", { name, exact: true }).click();
const sessionOf = ({ page }: App, name: string) =>
  page.getByRole("listbox", { name: "Sessions" }).getByRole("option", { name });

async function fill(app: App, server: Server, part: { endpoint?: string; secret?: string } = {}) {
  await app.page.getByRole("button", { name: "New connection", exact: true }).click();
  const dialog = dialogOf(app);
  await dialog.getByLabel("Endpoint").fill(part.endpoint ?? server.endpoint);
  await dialog.getByLabel("Region").fill(server.region);
  await dialog.getByLabel("Access key id").fill(server.accessKeyId);
  await dialog.getByLabel("Secret access key").fill(part.secret ?? server.secretAccessKey);
}

/** A failure takes nothing of what was typed, the secret included. */
async function keepsInput(app: App, server: Server, part: { endpoint?: string; secret?: string }) {
  const dialog = dialogOf(app);
  await expect(dialog.getByLabel("Endpoint")).toHaveValue(part.endpoint ?? server.endpoint);
  await expect(dialog.getByLabel("Region")).toHaveValue(server.region);
  await expect(dialog.getByLabel("Access key id")).toHaveValue(server.accessKeyId);
  const secret = part.secret ?? server.secretAccessKey;
  await expect(dialog.getByLabel("Secret access key")).toHaveValue(secret);
}

test("keys connect after a test, by keyboard, and leave no secret in the page", async ({
  app,
  server,
  bucket,
}) => {
  await fill(app, server);
  await dialogOf(app).getByLabel("Display name").fill("Mole");
  await expectAccessible(app.page);
  await press(app, "Test");
  await expect(dialogOf(app).getByText("It works")).toBeVisible();
  await expectAccessible(app.page);
  await dialogOf(app).getByLabel("Display name").press("Enter");
  await expect(dialogOf(app)).toHaveCount(0);
  await expect(sessionOf(app, "Mole")).toBeVisible();
  await expect(app.page.getByRole("option", { name: bucket })).toBeVisible();
  const kept = await app.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(kept, "nothing is stored").not.toContain(server.secretAccessKey);
  expect(await app.page.content(), "nothing is shown").not.toContain(server.secretAccessKey);
});

test("a wrong secret is named and not saved", async ({ app, server }) => {
  await fill(app, server, { secret: "not-the-secret" });
  await press(app, "Save");
  await expect(dialogOf(app).getByText("The key or its secret is wrong")).toBeVisible();
  await expect(dialogOf(app).getByRole("button", { name: "Save anyway" })).toHaveCount(0);
  await keepsInput(app, server, { secret: "not-the-secret" });
  await expectAccessible(app.page);
  await app.page.keyboard.press("Escape");
  await expect(dialogOf(app)).toHaveCount(0);
  const saved = await callBridge<{ saved: boolean }[]>(app.bridge, "sessions_list", {});
  expect(saved.filter((session) => session.saved)).toEqual([]);
});

test("an unknown host is named, and saved only when a person says so", async ({ app, server,
}) => {
  await fill(app, server, { endpoint: "https://no-such-host.invalid" });
  await press(app, "Save");
  await expect(dialogOf(app).getByText("There is no such host")).toBeVisible();
  await keepsInput(app, server, { endpoint: "https://no-such-host.invalid" });
  await expect(sessionOf(app, "no-such-host.invalid"), "not by itself").toHaveCount(0);
  await press(app, "Save anyway");
  await expect(sessionOf(app, "no-such-host.invalid")).toBeVisible();
});

test("a port where nobody listens is named", async ({ app, server }) => {
  // Port 1 belongs to a service that no machine runs; a free one may be taken meanwhile.
  await fill(app, server, { endpoint: "http://127.0.0.1:1" });
  await press(app, "Test");
  await expect(dialogOf(app).getByText("Nobody listens there")).toBeVisible();
  await keepsInput(app, server, { endpoint: "http://127.0.0.1:1" });
});

test("a clock that is off is named with its offset", async ({ app, server }) => {
  const proxy = await Proxy.start(server.endpoint);
  const earlier = new Date(Date.now() - 2 * 3_600_000).toUTCString();
  await proxy.add({
    times: 1000,
    action: {
      do: "status",
      status: 403,
      code: "RequestTimeTooSkewed",
      headers: [["date", earlier]],
    },
  });
  await fill(app, server, { endpoint: proxy.endpoint });
  await press(app, "Test");
  await expect(dialogOf(app).getByText("This computer's clock is off")).toBeVisible();
  await keepsInput(app, server, { endpoint: proxy.endpoint });
  await expect(dialogOf(app).getByText(/2 h|2 hours|120 min|7[12]\d\d s/)).toBeVisible();
  await proxy.stop();
});

test("a web server that is no storage is named", async ({ app, server }) => {
  const { url, close } = await listen((http) =>
    http.on("request", (_request, answer) => {
      answer.setHeader("content-type", "text/html");
      answer.end("<!doctype html><title>A page</title><p>Hello</p>");
    }),
  );
  await fill(app, server, { endpoint: url });
  await press(app, "Test");
  await expect(dialogOf(app).getByText("That is not an S3 server")).toBeVisible();
  await keepsInput(app, server, { endpoint: url });
  await close();
});

test("keys that may not list buckets are welcome, and open a bucket by name", async ({
  app,
  server,
  s3,
  bucket,
}) => {
  await s3.put(bucket, "2026/hello.txt", "hello");
  const proxy = await Proxy.start(server.endpoint);
  await proxy.add({
    method: "GET",
    times: 1000,
    action: { do: "status", status: 403, code: "AccessDenied" },
  });
  await fill(app, server, { endpoint: proxy.endpoint });
  await dialogOf(app).getByLabel("Display name").fill("Mole");
  await press(app, "Test");
  await expect(dialogOf(app).getByText("It works")).toBeVisible();
  await expect(dialogOf(app).getByText(/list buckets/).first()).toBeVisible();
  await press(app, "Save");
  await expect(dialogOf(app)).toHaveCount(0);
  await proxy.clear();
  await app.page.getByRole("button", { name: "Open a bucket by name…" }).first().click();
  await dialogOf(app).getByLabel("Bucket or URI").fill(`s3://${bucket}/2026/`);
  await app.page.keyboard.press("Enter");
  await expect(app.page.getByRole("row").filter({ hasText: "hello.txt" })).toBeVisible();
  await proxy.stop();
});

test("a saved connection is edited without its secret, until the endpoint is another", async ({ app, server,
}) => {
  await saveConnection(app.bridge, server);
  await sessionOf(app, "Quay").click({ button: "right" });
  await app.page.getByRole("menuitem", { name: "Edit…" }).click();
  await dialogOf(app).getByLabel("Display name").fill("Pier");
  await press(app, "Save");
  await expect(sessionOf(app, "Pier")).toBeVisible();

  await sessionOf(app, "Pier").click({ button: "right" });
  await app.page.getByRole("menuitem", { name: "Edit…" }).click();
  await dialogOf(app).getByLabel("Endpoint").fill("https://other.example.com");
  await press(app, "Test");
  await expect(dialogOf(app).getByText("Type the secret access key")).toBeVisible();
});

test("a removed connection is asked about, then gone", async ({ app, server }) => {
  await saveConnection(app.bridge, server);
  await sessionOf(app, "Quay").click({ button: "right" });
  await app.page.getByRole("menuitem", { name: "Remove…" }).click();
  const asks = app.page.getByRole("alertdialog");
  await expect(asks.getByRole("button", { name: "Cancel" }), "the harmless one").toBeFocused();
  await asks.getByRole("button", { name: "Remove connection" }).click();
  await expect(sessionOf(app, "Quay")).toHaveCount(0);
});

async function listen(prepare: (http: HttpServer) => void) {
  const http = createServer();
  prepare(http);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      http.closeAllConnections();
      http.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}`, close };
}
