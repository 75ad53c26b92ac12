import { describe, expect, it } from "vitest";
import { foldedSteps } from "./crumbRoom";

describe("the room of the steps", () => {
  const names = ["harbour-survey", "photos", "2026", "lighthouse"];

  it("folds nothing that fits", () => {
    expect(foldedSteps(names, 375)).toBe(0);
  });

  it("folds from the second on, and never the first and the last", () => {
    expect(foldedSteps(names, 360)).toBe(1);
    expect(foldedSteps(names, 0)).toBe(2);
    expect(foldedSteps(["a-bucket", "b"], 0)).toBe(0);
    expect(foldedSteps([], 0)).toBe(0);
  });
});
