/** How high the dock is: clamped, moved by keys, remembered over restarts. */

/** A header and four rows, in CSS pixels. */
export const DEFAULT_HEIGHT = 168;
/** A header and two rows; below this it is collapsed instead. */
export const MIN_HEIGHT = 100;
/** What an arrow key moves it by: one row. */
export const STEP = 34;
/** Room that stays for the listing above. */
const KEPT_ABOVE = 320;

/** What is remembered. */
export type DockSize = { height: number; isCollapsed: boolean };

/** Where it is remembered. */
const KEY = "longshore.dock";

/** The highest that the dock may be in a window of this height. */
export function maxHeight(windowHeight: number): number {
  return Math.max(MIN_HEIGHT, windowHeight - KEPT_ABOVE);
}

/** Keeps a height within what the window allows. */
export function clampHeight(height: number, windowHeight: number): number {
  return Math.round(Math.min(maxHeight(windowHeight), Math.max(MIN_HEIGHT, height)));
}

/** The height after a key on the splitter; undefined when the key means nothing here. */
export function heightAfterKey(key: string, height: number, windowHeight: number): number | undefined {
  const wanted: Record<string, number> = {
    ArrowUp: height + STEP,
    ArrowDown: height - STEP,
    PageUp: height + 4 * STEP,
    PageDown: height - 4 * STEP,
    Home: MIN_HEIGHT,
    End: maxHeight(windowHeight),
  };
  const next = wanted[key];
  return next === undefined ? undefined : clampHeight(next, windowHeight);
}

/** Reads what was remembered; damaged or missing notes give the usual size. */
export function readSize(storage: Pick<Storage, "getItem">): DockSize {
  const usual = { height: DEFAULT_HEIGHT, isCollapsed: false };
  try {
    const noted: unknown = JSON.parse(storage.getItem(KEY) ?? "null");
    if (typeof noted !== "object" || noted === null) return usual;
    const height = "height" in noted && typeof noted.height === "number" ? noted.height : NaN;
    const isCollapsed = "isCollapsed" in noted && noted.isCollapsed === true;
    return { height: Number.isFinite(height) ? height : DEFAULT_HEIGHT, isCollapsed };
  } catch {
    return usual;
  }
}

/** Remembers the size; a full or forbidden storage is no reason to fail. */
export function noteSize(storage: Pick<Storage, "setItem">, size: DockSize): void {
  try {
    storage.setItem(KEY, JSON.stringify(size));
  } catch {
    // The size lasts for this run only.
  }
}
