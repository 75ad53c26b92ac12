import { type KeyboardEvent, type PointerEvent, useEffect, useState } from "react";
import {
  clampHeight,
  type DockSize,
  heightAfterKey,
  MIN_HEIGHT,
  maxHeight,
  noteSize,
  readSize,
} from "./dockHeight";

/** The dock's size and what moves it. */
export function useDockSize() {
  const [size, setSize] = useState<DockSize>(() => readSize(localStorage));
  useEffect(() => noteSize(localStorage, size), [size]);
  const setHeight = (height: number) =>
    setSize({ height: clampHeight(height, window.innerHeight), isCollapsed: false });
  return {
    height: clampHeight(size.height, window.innerHeight),
    isCollapsed: size.isCollapsed,
    toggle: () => setSize({ ...size, isCollapsed: !size.isCollapsed }),
    splitter: {
      "aria-valuenow": clampHeight(size.height, window.innerHeight),
      "aria-valuemin": MIN_HEIGHT,
      "aria-valuemax": maxHeight(window.innerHeight),
      onKeyDown: (event: KeyboardEvent) => {
        const next = heightAfterKey(event.key, size.height, window.innerHeight);
        if (next === undefined) return;
        event.preventDefault();
        setHeight(next);
      },
      onPointerDown: (event: PointerEvent) => event.currentTarget.setPointerCapture(event.pointerId),
      onPointerMove: (event: PointerEvent) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) {
          setHeight(window.innerHeight - event.clientY);
        }
      },
    },
  };
}
