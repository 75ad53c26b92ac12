/**
 * The stand of the page's tests: a SeaweedFS for each worker, and for each test a bridge of its
 * own over empty state, profiles of its own, and a folder below which local paths are granted.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { type Program, startProgram } from "../support/program.ts";
import { Proxy } from "../support/proxy.ts";
import { S3 } from "../support/s3.ts";
import { type Keys, type Server, startServer } from "../support/server.ts";

/** A running bridge. */
export type Bridge = {
  /** The page with its token. */
  readonly url: string;
  readonly origin: string;
  readonly token: string;
  /** The folder below which paths are granted. */
  readonly root: string;
};

type ForWorkers = { server: Server; detour: Proxy };
type ForTests = {
  s3: S3;
  /** The proxy that the profile `proxied` goes through, without rules. */
  faults: Proxy;
  /** A fresh bucket. */
  bucket: string;
  /** Environment variables and arguments of the bridge; a test sets its own with `test.use`. */
  bridgeOptions: { args: string[]; environment: Record<string, string> };
  /** Starts the bridge over this test's state; one that runs is killed. */
  startBridge: () => Promise<Bridge>;
  bridge: Bridge;
  app: App;
  /** Kills the bridge, starts it anew over the same state and goes to its page. */
  restart: () => Promise<App>;
};

export { expect };

export const test = base.extend<ForTests, ForWorkers>({
  server: [
    async ({}, use) => {
      const program = await startServer({ samples: true });
      await use(program.ready);
      await program.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  detour: [
    async ({ server }, use) => {
      const proxy = await Proxy.start(server.endpoint);
      await use(proxy);
      await proxy.stop();
    },
    { scope: "worker" },
  ],
  faults: async ({ detour }, use) => {
    await use(detour);
    await detour.goOnline();
    await detour.clear();
  },
  s3: async ({ server }, use) => {
    await use(new S3(server));
  },
  bucket: async ({ s3 }, use, info) => {
    const name = `t${info.workerIndex}-${Date.now().toString(36)}-${info.testId.slice(0, 8)}`;
    await s3.createBucket(name);
    await use(name);
  },
  bridgeOptions: [{ args: [], environment: {} }, { option: true }],
  startBridge: async ({ server, detour, bridgeOptions }, use) => {
    const home = await mkdtemp(path.join(os.tmpdir(), "longshore-app-"));
    const root = path.join(home, "files");
    await mkdir(root);
    const environment = { ...(await profiles(home, server, detour.endpoint)), ...bridgeOptions.environment };
    const args = ["--data-dir", path.join(home, "data"), "--root", root, ...bridgeOptions.args];
    let program: Program<Bridge> | undefined;
    await use(async () => {
      await program?.kill();
      program = await startProgram<Bridge>("longshore-bridge", args, environment);
      return program.ready;
    });
    await program?.stop();
    await rm(home, { recursive: true, force: true });
  },
  bridge: async ({ startBridge }, use) => {
    await use(await startBridge());
  },
  app: async ({ page, bridge }, use) => {
    const broken: string[] = [];
    page.on("pageerror", (error) => broken.push(error.stack ?? error.message));
    await page.goto(bridge.url);
    await use(new App(page, bridge));
    expect(broken, "the page threw nothing").toEqual([]);
  },
  restart: async ({ startBridge, page, app: _before }, use) => {
    await use(async () => {
      const bridge = await startBridge();
      await page.goto(bridge.url);
      return new App(page, bridge);
    });
  },
});

/**
 * Writes profiles `harbour`, `limited` and `blind` over the server, and `proxied` through the
 * proxy; answers the environment.
 */
async function profiles(
  home: string,
  server: Server,
  proxied: string,
): Promise<Record<string, string>> {
  const all: [string, Keys, string][] = [
    ["harbour", server, server.endpoint],
    ["limited", server.limited, server.endpoint],
    ["blind", server.blind, server.endpoint],
    ["proxied", server, proxied],
  ];
  const config = all.map(
    ([name, , endpoint]) =>
      `[profile ${name}]\nendpoint_url = ${endpoint}\nregion = ${server.region}\n`,
  );
  const credentials = all.map(
    ([name, keys]) =>
      `[${name}]\naws_access_key_id = ${keys.accessKeyId}\naws_secret_access_key = ${keys.secretAccessKey}\n`,
  );
  await writeFile(path.join(home, "config"), config.join("\n"));
  await writeFile(path.join(home, "credentials"), credentials.join("\n"), { mode: 0o600 });
  return {
    HOME: home,
    AWS_CONFIG_FILE: path.join(home, "config"),
    AWS_SHARED_CREDENTIALS_FILE: path.join(home, "credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** The window as a person uses it. */
export class App {
  constructor(
    readonly page: Page,
    readonly bridge: Bridge,
  ) {}

  get grid(): Locator {
    return this.page.getByRole("grid");
  }

  /** The row of a key or prefix. */
  row(key: string): Locator {
    return this.page.locator(`[role=row][data-key=${JSON.stringify(key)}]`);
  }

  get selected(): Locator {
    return this.page.locator("[role=row][aria-selected=true]");
  }

  /** Chooses a session in the sidebar. */
  async chooseSession(name: string): Promise<void> {
    const sessions = this.page.getByRole("listbox", { name: "Sessions" });
    await sessions.getByRole("option", { name }).click();
  }

  /** Chooses a session, and a bucket of it. */
  async openBucket(bucket: string, session = "harbour"): Promise<void> {
    await this.chooseSession(session);
    const buckets = this.page.getByRole("listbox", { name: "Buckets" });
    await buckets.getByRole("option", { name: bucket, exact: true }).click();
    await expect(this.grid).toHaveAttribute("aria-busy", "false");
  }

  /** Types an address as Ctrl+L lets one. */
  async goTo(address: string): Promise<void> {
    await this.page.keyboard.press("Control+l");
    const field = this.page.getByRole("textbox", { name: "Address" });
    await field.fill(address);
    await field.press("Enter");
  }

  /** Drags from the desktop; paths are below the bridge's root. */
  async drag(phase: "over" | "leave" | "drop", at: Locator, paths: string[] = []): Promise<void> {
    const box = await at.boundingBox();
    if (box === null) throw new Error("there is nothing to drag over");
    const x = box.x + box.width / 2;
    const y = box.y + box.height / 2;
    await this.post("/test/drop", { phase, x, y, paths });
  }

  /** Says what the next dialogs of the system answer. */
  async answerDialogs(script: {
    files?: string[];
    folder?: string;
    destination?: string;
    confirm?: boolean;
  }): Promise<void> {
    await this.post("/test/script", script);
  }

  private async post(at: string, body: unknown): Promise<void> {
    const { origin, token } = this.bridge;
    const answer = await fetch(`${origin}${at}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
  }
}
