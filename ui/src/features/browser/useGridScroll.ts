import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import {
  clampOffset,
  type Extent,
  isStretched,
  offsetOfScrollTop,
  offsetToReveal,
  scrollTopOfOffset,
} from "./scrollMap";

/** The header's height, which lies over the scrolled rows. */
export const HEADER_HEIGHT = 28;

/** Lines that a wheel that counts in lines moves by, in pixels. */
const LINE = 40;

/** A scrollbar's position comes back rounded to device pixels. */
const ROUNDING = 1.5;

export type GridScroll = {
  extent: Extent;
  /** The true position in pixels of rows. */
  offset: number;
  onScroll: () => void;
  /** Scrolls as little as shows the row whole. */
  reveal: (row: number) => void;
  toTop: () => void;
};

/** Keeps the true position of an element that scrolls `rows` rows. */
export function useGridScroll(scroller: RefObject<HTMLElement | null>, rows: number): GridScroll {
  const [viewport, setViewport] = useState(0);
  const [offset, setOffset] = useState(0);
  const extent: Extent = { rows, viewport };
  const latest = useRef({ extent, offset });
  const written = useRef(0);
  useLayoutEffect(() => {
    latest.current = { extent, offset };
  });

  const moveTo = useCallback(
    (next: number) => {
      const { extent: now } = latest.current;
      const clamped = clampOffset(now, next);
      latest.current = { extent: now, offset: clamped };
      setOffset(clamped);
      const element = scroller.current;
      if (!element) return;
      element.scrollTop = scrollTopOfOffset(now, clamped);
      written.current = element.scrollTop;
    },
    [scroller],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = () => setViewport(Math.max(0, element.clientHeight - HEADER_HEIGHT));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  // A listing that grows, shrinks or is seen through another height keeps its true position. Not
  // stretched it does so by itself, and a wheel that is still turning is left alone.
  useLayoutEffect(() => {
    if (isStretched({ rows, viewport })) moveTo(latest.current.offset);
  }, [rows, viewport, moveTo]);

  // Stretched, a pixel of the scrollbar is many rows: wheels move the true position instead.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent) => {
      const { extent: now, offset: at } = latest.current;
      if (!isStretched(now) || event.ctrlKey) return;
      event.preventDefault();
      const scale = [1, LINE, now.viewport][event.deltaMode] ?? 1;
      moveTo(at + event.deltaY * scale);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [scroller, moveTo]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { extent: now } = latest.current;
    const isOurs = Math.abs(element.scrollTop - written.current) < ROUNDING;
    written.current = -ROUNDING;
    if (isStretched(now) && isOurs) return;
    const next = offsetOfScrollTop(now, element.scrollTop);
    latest.current = { extent: now, offset: next };
    setOffset(next);
  }, [scroller]);

  const reveal = useCallback(
    (row: number) => {
      const { extent: now, offset: at } = latest.current;
      moveTo(offsetToReveal(now, at, row));
    },
    [moveTo],
  );
  const toTop = useCallback(() => moveTo(0), [moveTo]);

  return { extent, offset: clampOffset(extent, offset), onScroll, reveal, toTop };
}
