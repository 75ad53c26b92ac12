import { describe, expect, it } from "vitest";
import {
  actionOf,
  countersOf,
  footerOf,
  isDangerous,
  needsChoice,
  notesOf,
  titleOf,
  warningsOf,
} from "./planSummary";
import { aPlan } from "./testPlan";

describe("a plan in words", () => {
  it("has four figures: how many, how much, what stands in the way, at what price", () => {
    const values = countersOf(aPlan({ conflicts: 1, requests: 1204 })).map(({ value }) => value);
    expect(values).toEqual(["2", "3 MB", "1", "1,204"]);
    const undo = countersOf(aPlan({ operation: "delete", reversible: "no" })).map((c) => c.value);
    expect(undo, "a deletion says whether it can be undone").toEqual(["2", "3 MB", "No", "2"]);
  });

  it("says before a deletion what cannot be undone, and nothing where it can", () => {
    const notes = (reversible: "yes" | "no" | "unknown") =>
      notesOf(aPlan({ operation: "delete", reversible })).length;
    expect([notes("no"), notes("unknown"), notes("yes")]).toEqual([1, 1, 0]);
    const why = "The bucket keeps no versions";
    const told = aPlan({ operation: "delete", reversible: "no", warnings: [why] });
    expect(notesOf(told)[0]?.text, "the engine's reason").toBe(`${why}.`);
    expect(warningsOf(told), "and it is not said twice").toEqual([]);
    expect(footerOf(aPlan({ operation: "delete", reversible: "yes" }))).toContain("versions");
  });

  it("leaves skipped conflicts out of the button's count", () => {
    const plan = aPlan({ conflicts: 1 });
    expect(actionOf(plan, undefined)).toBe("Upload 2 files");
    expect(actionOf(plan, "skip")).toBe("Upload 1 file");
    expect(actionOf(plan, "overwrite")).toBe("Upload 2 files");
  });

  it("is dangerous when something is lost by it", () => {
    expect(isDangerous(aPlan(), undefined)).toBe(false);
    expect(isDangerous(aPlan({ conflicts: 1 }), "keepBoth")).toBe(false);
    expect(isDangerous(aPlan({ conflicts: 1 }), "overwrite")).toBe(true);
    expect(isDangerous(aPlan({ operation: "delete" }), undefined)).toBe(true);
  });

  it("waits for a choice only where a policy was not chosen before", () => {
    expect(needsChoice(aPlan({ conflicts: 2 }))).toBe(true);
    expect(needsChoice(aPlan({ conflicts: 2, policy: "skip" }))).toBe(false);
    expect(needsChoice(aPlan())).toBe(false);
  });

  it("counts the warnings that it does not show", () => {
    const warnings = Array.from({ length: 9 }, (_, n) => `warning ${n}`);
    expect(warningsOf(aPlan({ warnings })).at(-1)).toBe("and 5 more");
    expect(warningsOf(aPlan({ warnings: ["one"] }))).toEqual(["one"]);
  });

  it("is called after what it does", () => {
    expect(titleOf(aPlan())).toBe("Upload 2 files to s3://archive/2026/");
    expect(titleOf(aPlan({ operation: "delete", title: "a.txt" }))).toBe("Delete a.txt");
  });
});
