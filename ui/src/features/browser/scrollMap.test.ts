import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clampOffset,
  drawnRows,
  type Extent,
  MAX_SPACER,
  maxOffset,
  offsetOfScrollTop,
  offsetToReveal,
  ROW_HEIGHT,
  scrollTopOfOffset,
  spacerHeight,
} from "./scrollMap";

const extents = fc.record({
  rows: fc.integer({ min: 0, max: 5_000_000 }),
  viewport: fc.integer({ min: 0, max: 4_000 }),
});

const FIVE_MILLION: Extent = { rows: 5_000_000, viewport: 600 };

describe("the scroll map", () => {
  test("never asks for an element taller than the web view can lay out", () => {
    fc.assert(
      fc.property(extents, (extent) => {
        expect(spacerHeight(extent)).toBeLessThanOrEqual(MAX_SPACER);
      }),
    );
  });

  test("reaches the first and the last of five million rows at the scrollbar's ends", () => {
    const end = spacerHeight(FIVE_MILLION) - FIVE_MILLION.viewport;
    const atTop = drawnRows(FIVE_MILLION, offsetOfScrollTop(FIVE_MILLION, 0), 0);
    const atEnd = drawnRows(FIVE_MILLION, offsetOfScrollTop(FIVE_MILLION, end), 0);
    expect(atTop.first, "the first row is at the top").toBe(0);
    expect(atEnd.end, "the last row is at the end").toBe(5_000_000);
  });

  test("maps every position there and back", () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, part) => {
        const offset = part * maxOffset(extent);
        const back = offsetOfScrollTop(extent, scrollTopOfOffset(extent, offset));
        // Doubles of 150 million pixels keep more than a thousandth of one.
        expect(Math.abs(back - offset)).toBeLessThan(0.001);
      }),
    );
  });

  test("shows any row that it is asked to reveal, whole", () => {
    fc.assert(
      fc.property(
        extents.filter((extent) => extent.rows > 0 && extent.viewport >= ROW_HEIGHT),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (extent, at, which) => {
          const row = Math.min(extent.rows - 1, Math.floor(which * extent.rows));
          const offset = offsetToReveal(extent, at * maxOffset(extent), row);
          expect(offset, "the row's top is not above").toBeLessThanOrEqual(row * ROW_HEIGHT);
          expect(offset + extent.viewport, "nor its bottom below").toBeGreaterThanOrEqual(
            (row + 1) * ROW_HEIGHT,
          );
          expect(clampOffset(extent, offset), "and the position exists").toBe(offset);
          const drawn = drawnRows(extent, offset, 0);
          expect(drawn.first <= row && row < drawn.end, "so it is drawn").toBe(true);
        },
      ),
    );
  });

  test("does not move when the row is seen already", () => {
    expect(offsetToReveal({ rows: 100, viewport: 300 }, 90, 5)).toBe(90);
  });

  test("draws no more rows than fit, however many there are", () => {
    fc.assert(
      fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, part) => {
        const { first, end } = drawnRows(extent, part * maxOffset(extent), 8);
        expect(end - first).toBeLessThanOrEqual(Math.ceil(extent.viewport / ROW_HEIGHT) + 17);
      }),
    );
  });
});
