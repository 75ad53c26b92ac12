import { describe, expect, test } from "vitest";
import { actionOf, type GridSituation } from "./gridKeys";

const at: GridSituation = { position: 10, rows: 100, viewport: 300, isTyping: false };
const press = (key: string, change: Partial<KeyboardEvent> = {}, situation = at) =>
  actionOf(
    { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...change },
    situation,
  );

describe("the grid's keys", () => {
  test("arrows, pages and ends step", () => {
    expect(press("ArrowDown")).toEqual({ do: "step", to: 11, how: "only" });
    expect(press("PageUp")).toEqual({ do: "step", to: 1, how: "only" });
    expect(press("End")).toEqual({ do: "step", to: 99, how: "only" });
    expect(press("Home")).toEqual({ do: "step", to: 0, how: "only" });
  });

  test("shift makes a range and control only moves", () => {
    expect(press("ArrowDown", { shiftKey: true })).toMatchObject({ how: "range" });
    expect(press("ArrowDown", { ctrlKey: true })).toMatchObject({ how: "move" });
  });

  test("the first arrow goes to an end when there is no current row", () => {
    const nowhere = { ...at, position: undefined };
    expect(press("ArrowDown", {}, nowhere)).toMatchObject({ to: 0 });
    expect(press("ArrowUp", {}, nowhere)).toMatchObject({ to: 99 });
  });

  test("a space toggles, and belongs to a name that is being typed", () => {
    expect(press(" ")).toEqual({ do: "toggle" });
    expect(press(" ", {}, { ...at, isTyping: true })).toEqual({ do: "type", text: " " });
  });

  test("letters look for a name, keys with control do not", () => {
    expect(press("é")).toEqual({ do: "type", text: "é" });
    expect(press("l", { ctrlKey: true })).toBe(undefined);
    expect(press("Tab"), "Tab leaves the grid").toBe(undefined);
    expect(press("F5"), "F5 is the window's").toBe(undefined);
  });

  test("the rest act", () => {
    expect(press("Enter")).toEqual({ do: "open" });
    expect(press("Backspace")).toEqual({ do: "up" });
    expect(press("F2")).toEqual({ do: "rename" });
    expect(press("Delete")).toEqual({ do: "delete" });
    expect(press("a", { ctrlKey: true })).toEqual({ do: "all" });
  });
});
