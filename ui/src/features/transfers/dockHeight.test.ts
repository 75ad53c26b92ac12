import { describe, expect, it } from "vitest";
import { clampHeight, DEFAULT_HEIGHT, heightAfterKey, MIN_HEIGHT, noteSize, readSize, STEP } from "./dockHeight";

describe("the dock's height", () => {
  it("leaves room for the listing", () => {
    expect(clampHeight(5000, 900), "a window of 900 keeps 320 above").toBe(580);
    expect(clampHeight(10, 900)).toBe(MIN_HEIGHT);
    expect(clampHeight(400, 300), "a small window shows the least").toBe(MIN_HEIGHT);
  });

  it("moves by keys and ignores others", () => {
    expect(heightAfterKey("ArrowUp", 200, 900)).toBe(200 + STEP);
    expect(heightAfterKey("Home", 200, 900)).toBe(MIN_HEIGHT);
    expect(heightAfterKey("a", 200, 900), "a letter means nothing here").toBeUndefined();
  });

  it("survives damaged notes and a forbidden storage", () => {
    const usual = { height: DEFAULT_HEIGHT, isCollapsed: false };
    for (const text of [null, "", "{", "7", '{"height":"x"}', "[]"]) {
      expect(readSize({ getItem: () => text }), `${text}`).toEqual(usual);
    }
    const forbidden = () => {
      throw new Error("forbidden");
    };
    expect(readSize({ getItem: forbidden })).toEqual(usual);
    expect(() => noteSize({ setItem: forbidden }, usual)).not.toThrow();
  });
});
