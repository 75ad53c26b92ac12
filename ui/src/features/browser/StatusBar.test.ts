import { describe, expect, test } from "vitest";
import type { ListingStatus } from "../../contract/types";
import { sizeText } from "./StatusBar";

const status = (change: Partial<ListingStatus>): ListingStatus => ({
  id: "l",
  phase: "complete",
  rows: 5,
  total: 5,
  prefixes: 0,
  bytes: 1_500,
  requests: 1,
  elapsedMs: 1,
  revision: 1,
  error: null,
  undecodable: 0,
  ...change,
});

describe("the size in the status line", () => {
  test("is of the prefix only when nothing lies deeper", () => {
    expect(sizeText(status({}))).toBe("1.5 KB in this prefix");
    expect(sizeText(status({ prefixes: 2 }))).toBe(
      "1.5 KB directly in this prefix, beside 2 folders",
    );
    expect(sizeText(status({ prefixes: 5, bytes: 0 })), "no object to weigh").toBe("5 folders");
  });

  test("is not final before the listing is", () => {
    expect(sizeText(status({ phase: "running" }))).toBe("1.5 KB so far");
    expect(sizeText(status({ phase: "cancelled", prefixes: 2 }))).toBe("1.5 KB so far");
    expect(sizeText(status({ phase: "running", total: 0, bytes: 0 })), "nothing came").toBe("");
  });
});
