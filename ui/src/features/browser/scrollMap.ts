/**
 * How a scroll position maps to rows when there are more of them than an element can be tall.
 *
 * Web engines clip elements near 33.5 million pixels, which a million rows reach. The spacer that
 * gives the scrollbar its length is therefore capped; below the cap a pixel of scrolling is a pixel
 * of rows, above it the two ends meet and what lies between is stretched. The true position, in
 * pixels of rows, is kept by the grid: wheels and keys move it exactly, and only the scrollbar's
 * thumb is coarse.
 */

/** In CSS pixels: a line of text with room around it. */
export const ROW_HEIGHT = 30;

/** Well below the 2^25 pixels at which WebKit and Chromium clip, and exact in float32 layouts. */
export const MAX_SPACER = 8_000_000;

/** What is scrolled: how many rows, and how many pixels of them are seen at once. */
export type Extent = { rows: number; viewport: number };

/** The rows in pixels. */
export function contentHeight({ rows }: Extent): number {
  return rows * ROW_HEIGHT;
}

/** The height of the element that gives the scrollbar its length. */
export function spacerHeight(extent: Extent): number {
  return Math.min(contentHeight(extent), MAX_SPACER);
}

/** Whether positions are stretched, so that wheels need to be moved by hand. */
export function isStretched(extent: Extent): boolean {
  return contentHeight(extent) > MAX_SPACER;
}

/** The furthest true position. */
export function maxOffset(extent: Extent): number {
  return Math.max(0, contentHeight(extent) - extent.viewport);
}

/** The nearest true position that exists. */
export function clampOffset(extent: Extent, offset: number): number {
  return Math.min(Math.max(0, offset), maxOffset(extent));
}

function maxScrollTop(extent: Extent): number {
  return Math.max(0, spacerHeight(extent) - extent.viewport);
}

/** The true position that a scrollbar's position stands for. */
export function offsetOfScrollTop(extent: Extent, scrollTop: number): number {
  if (!isStretched(extent)) return clampOffset(extent, scrollTop);
  const range = maxScrollTop(extent);
  return range === 0 ? 0 : clampOffset(extent, (scrollTop / range) * maxOffset(extent));
}

/** The scrollbar's position for a true position. */
export function scrollTopOfOffset(extent: Extent, offset: number): number {
  const clamped = clampOffset(extent, offset);
  if (!isStretched(extent)) return clamped;
  const range = maxOffset(extent);
  return range === 0 ? 0 : (clamped / range) * maxScrollTop(extent);
}

/** Rows `first..end` that are to be drawn at a true position, with some beyond both edges. */
export function drawnRows(
  extent: Extent,
  offset: number,
  overscan: number,
): { first: number; end: number } {
  const first = Math.floor(offset / ROW_HEIGHT) - overscan;
  const end = Math.ceil((offset + extent.viewport) / ROW_HEIGHT) + overscan;
  return { first: Math.max(0, first), end: Math.min(extent.rows, Math.max(0, end)) };
}

/** The position nearest to `offset` at which a row is seen whole. */
export function offsetToReveal(extent: Extent, offset: number, row: number): number {
  const top = row * ROW_HEIGHT;
  if (top < offset) return clampOffset(extent, top);
  const bottom = top + ROW_HEIGHT;
  if (bottom > offset + extent.viewport) return clampOffset(extent, bottom - extent.viewport);
  return clampOffset(extent, offset);
}

/** Rows that a page key moves by: all that are seen but one, so that the eye keeps its place. */
export function rowsOfPage(viewport: number): number {
  return Math.max(1, Math.floor(viewport / ROW_HEIGHT) - 1);
}
