import { useEffect, useState } from "react";

/** What a step takes beside its letters: its padding, the slash and the gaps around it, in pixels. */
const STEP = 22;
/** The mean width of a letter in the interface's type at its size here. */
const LETTER = 6.8;
/** No step is drawn wider. */
const WIDEST = 220;
/** The scheme before the steps, and the free end that turns the line into a field. */
const AROUND = 52;
/** The sign that stands for the folded steps. */
const FOLD = 34;

/** How many steps after the first fold, so that the others can be read in `room` pixels. */
export function foldedSteps(names: readonly string[], room: number): number {
  const widths = names.map((name) => Math.min(name.length * LETTER + STEP, WIDEST));
  let needed = widths.reduce((sum, width) => sum + width, AROUND);
  let folded = 0;
  while (needed > room && folded < names.length - 2) {
    needed += folded === 0 ? FOLD : 0;
    folded += 1;
    needed -= widths[folded] ?? 0;
  }
  return folded;
}

/** The width of an element, as it is now; endless before it is known. */
export function useWidth(element: Element | null): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  useEffect(() => {
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.observe(element);
    return () => watch.disconnect();
  }, [element]);
  return width;
}
