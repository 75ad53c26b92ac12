/** What a person with a disability would stumble over. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Axe finds nothing serious in what is on the page now. */
export async function expectAccessible(page: Page): Promise<void> {
  // What the kit announces stays in its region for seconds, also when its label is gone meanwhile.
  const axe = new AxeBuilder({ page }).exclude("[data-live-announcer]");
  const { violations } = await axe.analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  expect(told, "axe finds nothing serious").toEqual([]);
}
