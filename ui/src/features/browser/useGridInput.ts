import { type KeyboardEvent, type MouseEvent, useRef } from "react";
import { deleteSelected, openCurrent, renameCurrent } from "./actions";
import type { Step } from "./cursor";
import { actionOf, type GridAction } from "./gridKeys";
import type { Tab } from "./tab";

/** A pause after which a letter begins another name. */
const TYPING_PAUSE_MS = 900;

type Options = {
  tab: Tab;
  rows: number;
  viewport: number;
  onShowDetails: () => void;
  onMenu: (at: { x: number; y: number }) => void;
};

/** The position of the row that an event is about; none over the head or below the rows. */
function positionOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest("[data-position]") : null;
  const text = row?.getAttribute("data-position");
  return text === null || text === undefined ? undefined : Number(text);
}

function isInHead(target: EventTarget): boolean {
  return target instanceof Element && target.closest("[role=columnheader]") !== null;
}

/** Whether a press is on the free area, rather than on a row, the head or a scrollbar. */
function isOnFreeArea(event: MouseEvent): boolean {
  const { target, currentTarget } = event;
  if (!(target instanceof Element) || isInHead(target)) return false;
  const box = currentTarget.getBoundingClientRect();
  return (
    event.clientX < box.left + currentTarget.clientWidth &&
    event.clientY < box.top + currentTarget.clientHeight
  );
}

/** Goes to the row whose name is typed, letter by letter. */
function useTypeAhead(tab: Tab) {
  const typed = useRef({ text: "", at: 0 });
  const isTyping = () =>
    typed.current.text !== "" && Date.now() - typed.current.at < TYPING_PAUSE_MS;
  const type = async (text: string) => {
    const goesOn = isTyping();
    typed.current = { text: (goesOn ? typed.current.text : "") + text, at: Date.now() };
    const { listing } = tab.state.get();
    const position = tab.cursor.state.get().current?.position;
    // The same name may be meant again while it is typed; another one begins after it.
    const from = position === undefined ? 0 : goesOn ? position : position + 1;
    const wanted = typed.current.text;
    const found = await listing?.find(from, wanted);
    // The answer to a shorter text may come after the next letter.
    if (typeof found === "number" && typed.current.text === wanted) {
      await tab.cursor.step(found, "only");
    }
  };
  return { isTyping, type };
}

/** Does what a key asked for; typed letters go to `onType`. */
function perform(
  tab: Tab,
  action: GridAction,
  onShowDetails: () => void,
  onType: (text: string) => void,
): void {
  const { cursor } = tab;
  switch (action.do) {
    case "step":
      return void cursor.step(action.to, action.how);
    case "toggle":
      return cursor.toggleCurrent();
    case "all":
      return cursor.selectAll();
    case "none":
      return cursor.selectNone();
    case "open":
      return openCurrent(tab, onShowDetails);
    case "up":
      return tab.up();
    case "rename":
      return renameCurrent(tab);
    case "delete":
      return void deleteSelected(tab);
    case "type":
      return onType(action.text);
  }
}

/** Selects what is pressed; the free area selects nothing, unless a selection is being added to. */
function press(tab: Tab, event: MouseEvent): void {
  if (event.button !== 0) return;
  const position = positionOf(event.target);
  const isAdding = event.ctrlKey || event.metaKey;
  if (position !== undefined) {
    const how: Step = event.shiftKey ? "range" : isAdding ? "add" : "only";
    void tab.cursor.step(position, how);
  } else if (!event.shiftKey && !isAdding && isOnFreeArea(event)) {
    tab.cursor.selectNone();
  }
}

/** Keyboard and mouse of the grid. */
export function useGridInput(options: Options) {
  const { tab, onShowDetails, onMenu } = options;
  const { isTyping, type } = useTypeAhead(tab);
  return {
    onKeyDown: (event: KeyboardEvent) => {
      if (isInHead(event.target)) return;
      const position = tab.cursor.state.get().current?.position;
      const { rows, viewport } = options;
      const action = actionOf(event, { position, rows, viewport, isTyping: isTyping() });
      if (!action) return;
      event.preventDefault();
      perform(tab, action, onShowDetails, (text) => void type(text));
    },
    onMouseDown: (event: MouseEvent) => press(tab, event),
    onClick: (event: MouseEvent) => {
      // WebKit sends `dblclick` for the second click of a run only, and goes on counting when the
      // row that was opened gave way to another under the pointer.
      const isSecond = event.detail > 0 && event.detail % 2 === 0;
      if (isSecond && positionOf(event.target) !== undefined) openCurrent(tab, onShowDetails);
    },
    onContextMenu: (event: MouseEvent<HTMLElement>) => {
      event.preventDefault();
      if (isInHead(event.target)) return;
      const position = positionOf(event.target);
      const row = event.currentTarget.querySelector(`[data-position="${position ?? ""}"]`);
      const isPicked = row?.getAttribute("aria-selected") === "true";
      if (position !== undefined && !isPicked) void tab.cursor.step(position, "only");
      onMenu(menuPoint(event));
    },
    onFocus: (event: { target: EventTarget; currentTarget: EventTarget }) => {
      if (event.target !== event.currentTarget) return;
      if (tab.cursor.state.get().current === undefined) void tab.cursor.step(0, "move");
    },
  };
}

/** Where a menu opens: at the pointer, or at the current row when a key asked for it. */
function menuPoint(event: MouseEvent<HTMLElement>): { x: number; y: number } {
  if (event.clientX !== 0 || event.clientY !== 0) return { x: event.clientX, y: event.clientY };
  const id = event.currentTarget.getAttribute("aria-activedescendant");
  const box = ((id && document.getElementById(id)) || event.currentTarget).getBoundingClientRect();
  return { x: box.left + 40, y: box.bottom };
}
