import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useRevealing } from "./useRevealing";

test("a row that is found before its page is heard of is shown once it came", () => {
  const revealed: number[] = [];
  const reveal = (row: number) => void revealed.push(row);
  const show = { position: 2_255 };
  const { rerender } = renderHook(
    ({ rows, viewport }) => useRevealing(show, { rows, viewport }, reveal),
    { initialProps: { rows: 2_000, viewport: 600 } },
  );
  expect(revealed, "it would stop at the last row so far").toEqual([]);
  rerender({ rows: 2_300, viewport: 600 });
  expect(revealed).toEqual([2_255]);
  rerender({ rows: 2_400, viewport: 500 });
  expect(revealed, "a person may scroll away").toEqual([2_255]);
});
