/** Nothing that axe calls serious, in any state and in light and dark. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./stand.ts";

async function seriousOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test(`the welcome, the rows and the details are sound in ${scheme}`, async ({ app }) => {
      const { page } = app;
      await expect(page.getByRole("heading", { name: "Welcome to Longshore" })).toBeVisible();
      expect(await seriousOf(page)).toEqual([]);
      await app.openBucket("harbour-survey");
      expect(await seriousOf(page)).toEqual([]);
      await app.goTo("s3://harbour-survey/tides/2026/2026-03.csv");
      await expect(page.getByText("text/csv")).toBeVisible();
      await app.grid.focus();
      await page.keyboard.press("Shift+ArrowDown");
      await expect(app.selected).toHaveCount(2);
      expect(await seriousOf(page)).toEqual([]);
    });

    test(`menus, fields and errors are sound in ${scheme}`, async ({ app, bucket }) => {
      const { page } = app;
      await app.openBucket(bucket);
      await expect(page.getByRole("heading", { name: "This bucket is empty" })).toBeVisible();
      expect(await seriousOf(page)).toEqual([]);
      await app.goTo("s3://there-is-no-such-bucket-here/x");
      await expect(page.getByRole("textbox", { name: "Address" })).toHaveAttribute(
        "aria-invalid",
        "true",
      );
      expect(await seriousOf(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Upload", exact: true }).click();
      await expect(page.getByRole("menuitem", { name: "Files…" })).toBeVisible();
      expect(await seriousOf(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "New connection" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      expect(await seriousOf(page)).toEqual([]);
    });
  });
}
