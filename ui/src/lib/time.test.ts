import { expect, test } from "vitest";
import { formatLeft, formatSpan } from "./time";

test("what is left is said as a clock, then in days", () => {
  expect(formatLeft(42 * 60_000 + 10_000)).toBe("42:10");
  expect(formatLeft(3_800_000)).toBe("1:03:20");
  expect(formatLeft(-5)).toBe("0:00");
  expect(formatLeft(52 * 3_600_000)).toBe("2 d 4 h");
});

test("spans are said with as much as is of use", () => {
  expect(formatSpan(1_910)).toBe("1.9 s");
  expect(formatSpan(31_400)).toBe("31 s");
  expect(formatSpan(125_000)).toBe("2 min 5 s");
});
