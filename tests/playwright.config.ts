/**
 * The page in Debian's Chromium, on the bridge and the real engine.
 *
 * No time is tested, so every limit is generous. A test that failed is tried once more, and the
 * gate's table says how many needed that.
 */
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env["LONGSHORE_CHROMIUM"] ?? browsers.find((path) => existsSync(path));

export default defineConfig({
  testDir: "./app",
  outputDir: "./test-results",
  workers: 1,
  retries: 1,
  forbidOnly: true,
  reporter: "list",
  timeout: 180_000,
  expect: { timeout: 45_000 },
  use: {
    actionTimeout: 45_000,
    navigationTimeout: 60_000,
    viewport: { width: 1440, height: 860 },
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--proxy-bypass-list=127.0.0.1",
      ],
    },
  },
});
