import { useEffect, useRef } from "react";
import type { Extent } from "./scrollMap";

/**
 * Scrolls to a row whenever another one is to be shown, as soon as the height is known and the row
 * is among those that can be scrolled to: the engine may tell where a row is before its page has
 * been heard of here.
 */
export function useRevealing(
  show: { position: number } | undefined,
  { rows, viewport }: Extent,
  reveal: (row: number) => void,
): void {
  const shown = useRef<{ position: number } | undefined>(undefined);
  useEffect(() => {
    if (!show || shown.current === show || viewport === 0 || show.position >= rows) return;
    shown.current = show;
    reveal(show.position);
  }, [show, reveal, rows, viewport]);
}
