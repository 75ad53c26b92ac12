import { expect, test } from "vitest";
import { formatBytes } from "./bytes";

test("sizes are decimal and short", () => {
  const shown = [0, 999, 1000, 412_000, 6_900_000_000, 48_200_000_000_000, 999_950].map(formatBytes);
  expect(shown).toEqual(["0 B", "999 B", "1 KB", "412 KB", "6.9 GB", "48.2 TB", "1.0 MB"]);
});
