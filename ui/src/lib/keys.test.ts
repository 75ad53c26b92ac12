import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lastName, nameBelow, partsOfKey, prefixAbove, showKey, stepsOf } from "./keys";

test("an ordinary key is shown as it is", () => {
  expect(showKey("photos/Été 2026/東京 タワー.jpg")).toBe("photos/Été 2026/東京 タワー.jpg");
});

test("controls and line breaks become visible", () => {
  expect(showKey("a\nb\tc\u0000d\u007F")).toBe("a\\nb\\tc\\u{0}d\\u{7F}");
});

test("bidirectional overrides cannot turn a name around", () => {
  expect(showKey("invoice\u202Egpj.exe")).toBe("invoice\\u{202E}gpj.exe");
  expect(showKey("a\u2066b\u2069")).toBe("a\\u{2066}b\\u{2069}");
});

test("zero-width characters and lost spaces become visible", () => {
  expect(showKey("a\u200Bb\uFEFF")).toBe("a\\u{200B}b\\u{FEFF}");
  expect(showKey(" a  b ")).toBe("·a ·b·");
});

test("nothing is shown that could be taken for something else", () => {
  const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (key) => {
      expect(hidden.test(showKey(key))).toBe(false);
    }),
  );
});

test("parts that need no escape add up to the key", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii", minLength: 1 }), (key) => {
      const parts = partsOfKey(key);
      if (parts.every((part) => !part.escaped)) {
        expect(parts.map((part) => part.text).join("")).toBe(key);
      }
    }),
  );
});

test("the steps of a prefix keep empty segments", () => {
  expect(stepsOf("a//b/")).toEqual([
    { name: "a", prefix: "a/" },
    { name: "", prefix: "a//" },
    { name: "b", prefix: "a//b/" },
  ]);
  expect(stepsOf("")).toEqual([]);
});

test("the steps of any prefix lead back up through prefixAbove", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "", "..", "ü")), (segments) => {
      const prefix = segments.map((segment) => `${segment}/`).join("");
      const steps = stepsOf(prefix);
      expect(steps.at(-1)?.prefix ?? "", "the last step is the prefix itself").toBe(prefix);
      steps.forEach((step, at) => {
        expect(prefixAbove(step.prefix)).toBe(at === 0 ? "" : steps[at - 1]?.prefix);
      });
    }),
  );
});

test("names are what follows", () => {
  expect(lastName("a/b.txt")).toBe("b.txt");
  expect(lastName("a/b/")).toBe("b/");
  expect(nameBelow("a/", "a/b/")).toBe("b/");
});
