/** Every dialog of a session by keyboard alone, and nothing that axe calls serious in any of them. */
import type { Locator } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { saveConnection } from "./saved.ts";
import { type App, expect, test } from "./stand.ts";

const environment = { AWS_ACCESS_KEY_ID: "AKENVIRONMENT", AWS_SECRET_ACCESS_KEY: "not-a-secret" };
const sessionOf = ({ page }: App, name: string) =>
  page.getByRole("listbox", { name: "Sessions" }).getByRole("option", { name });

/** Leaves by Escape; whoever opened the dialog has the keyboard again. */
async function leave({ page }: App, dialog: Locator, opener: Locator): Promise<void> {
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(opener, "the focus comes back").toBeFocused();
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, bridgeOptions: { args: [], environment } });

    test(`each source of the connection dialog is sound in ${colorScheme}`, async ({ app }) => {
      const { page } = app;
      const opener = page.getByRole("button", { name: "New connection", exact: true });
      const dialog = page.getByRole("dialog");
      await opener.focus();
      await page.keyboard.press("Enter");
      await expect(dialog.getByLabel("Endpoint"), "it begins at the first field").toBeFocused();
      await page.keyboard.press("Shift+Tab");
      const sources = ["Access keys", "AWS profile", "Environment", "Anonymous"];
      for (const [at, name] of sources.entries()) {
        if (at > 0) await page.keyboard.press("ArrowRight");
        await expect(dialog.getByRole("radio", { name })).toBeChecked();
        await expectAccessible(page);
      }
      await leave(app, dialog, opener);
    });

    test(`editing, removing and opening by name are sound in ${colorScheme}`, async ({ app, server }) => {
      const { page } = app;
      await saveConnection(app.bridge, server);
      await sessionOf(app, "Quay").click();
      const edit = page.getByRole("button", { name: "Edit connection…" });
      await edit.focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await expect(dialog.getByLabel("Secret access key")).toHaveAttribute(
        "placeholder",
        "Kept until Longshore ends",
      );
      await expectAccessible(page);
      const remove = dialog.getByRole("button", { name: "Remove…" });
      await remove.focus();
      await page.keyboard.press("Enter");
      const asks = page.getByRole("alertdialog");
      await expect(asks.getByRole("button", { name: "Cancel" })).toBeFocused();
      await expectAccessible(page);
      await leave(app, asks, remove);
      await leave(app, dialog, edit);

      const openByName = page.getByRole("button", { name: "Open a bucket by name…" }).first();
      await openByName.focus();
      await page.keyboard.press("Enter");
      await expect(dialog.getByLabel("Bucket or URI")).toBeFocused();
      await expectAccessible(page);
      await leave(app, dialog, openByName);
    });
  });
}

test("a profile, the environment and nobody connect, each after a test", async ({ app, server }) => {
  const { page } = app;
  const dialog = page.getByRole("dialog");
  const begin = async (source: string) => {
    await page.getByRole("button", { name: "New connection", exact: true }).click();
    await dialog.getByText(source, { exact: true }).click();
  };
  const save = async (name: string) => {
    await dialog.getByLabel("Display name").fill(name);
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await expect(sessionOf(app, name)).toBeVisible();
  };
  await begin("AWS profile");
  await dialog.getByRole("button", { name: /Profile/ }).click();
  await page.getByRole("option", { name: "harbour", exact: true }).last().click();
  await dialog.getByRole("button", { name: /Role, temporary/ }).click();
  await dialog.getByLabel("Role ARN").fill("arn:aws:iam::123456789012:role/Auditor");
  await dialog.getByRole("button", { name: "Test", exact: true }).click();
  await expect(dialog.getByText(/assumed-role\/Auditor/), "as the role").toBeVisible();
  await save("Auditor at the quay");
  await expect(page.getByRole("main").getByText("Auditor", { exact: true }), "its bar").toBeVisible();

  await begin("Environment");
  await expect(dialog.getByText("AWS_ACCESS_KEY_ID is not set where Longshore was started")).toBeVisible();
  await dialog.getByRole("button", { name: "Test", exact: true }).click();
  await expect(dialog.getByText(/the environment holds no AWS_ACCESS_KEY_ID/)).toBeVisible();

  await dialog.getByText("Anonymous", { exact: true }).click();
  await dialog.getByLabel("Endpoint").fill(server.endpoint);
  await dialog.getByRole("button", { name: "Test", exact: true }).click();
  await expect(dialog.getByRole("status")).toContainText(/It works|The server refused/);
});
