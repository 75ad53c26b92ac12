/** What the keys of the grid mean. */

import type { Step } from "./cursor";
import { rowsOfPage } from "./scrollMap";

export type GridAction =
  | { do: "step"; to: number; how: Step }
  | { do: "toggle" }
  | { do: "all" }
  | { do: "none" }
  | { do: "open" }
  | { do: "up" }
  | { do: "rename" }
  | { do: "delete" }
  | { do: "type"; text: string };

export type GridSituation = {
  /** The current position; none before the first step. */
  position: number | undefined;
  rows: number;
  viewport: number;
  /** Whether a name is being typed, so that a space belongs to it. */
  isTyping: boolean;
};

type Key = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

/** Where a key leads; none when it does not move. */
function stepOf(key: string, { position, rows, viewport }: GridSituation): number | undefined {
  const page = rowsOfPage(viewport);
  switch (key) {
    case "ArrowDown":
      return position === undefined ? 0 : position + 1;
    case "ArrowUp":
      return position === undefined ? rows - 1 : position - 1;
    case "PageDown":
      return (position ?? 0) + page;
    case "PageUp":
      return (position ?? 0) - page;
    case "Home":
      return 0;
    case "End":
      return rows - 1;
    default:
      return undefined;
  }
}

/** What a key does; none when it is not the grid's. */
export function actionOf(event: Key, situation: GridSituation): GridAction | undefined {
  const { key, shiftKey, altKey } = event;
  const control = event.ctrlKey || event.metaKey;
  if (altKey) return key === "ArrowUp" ? { do: "up" } : undefined;
  const to = stepOf(key, situation);
  if (to !== undefined) {
    return { do: "step", to, how: shiftKey ? "range" : control ? "move" : "only" };
  }
  if (control) {
    if (key === "a" || key === "A") return { do: "all" };
    return key === " " ? { do: "toggle" } : undefined;
  }
  switch (key) {
    case "Enter":
      return { do: "open" };
    case "Backspace":
      return { do: "up" };
    case "F2":
      return { do: "rename" };
    case "Delete":
      return { do: "delete" };
    case "Escape":
      return { do: "none" };
    case " ":
      return situation.isTyping ? { do: "type", text: " " } : { do: "toggle" };
    default:
      return Array.from(key).length === 1 ? { do: "type", text: key } : undefined;
  }
}
