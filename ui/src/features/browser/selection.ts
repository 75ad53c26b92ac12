/**
 * Which rows are selected.
 *
 * A selection names rows by kind and key and never by position, so that sorting, pages that arrive
 * late and a refresh leave it as it is. All of a listing is kept as such, with what was taken out
 * again: a million keys are not copied into the page for Ctrl+A. All means what the filter lets
 * through, so another filter ends every selection: nothing is selected that was not shown.
 */

/** What is kept of a selected row: enough to act on it when it is no longer in any window. */
export type Picked = { kind: "prefix" | "object"; key: string; size: number };

export type Selection = {
  /** Every row but `except`, or just `picked`. */
  mode: "some" | "all";
  picked: ReadonlyMap<string, Picked>;
  except: ReadonlySet<string>;
};

export const NOTHING: Selection = { mode: "some", picked: new Map(), except: new Set() };
export const EVERYTHING: Selection = { mode: "all", picked: new Map(), except: new Set() };

/** What a row goes by: a prefix and an object of the same key are two rows. */
export function idOf(row: Pick<Picked, "kind" | "key">): string {
  return `${row.kind}:${row.key}`;
}

/** Whether a row is selected. */
export function isSelected(selection: Selection, row: Pick<Picked, "kind" | "key">): boolean {
  return selection.mode === "all"
    ? !selection.except.has(idOf(row))
    : selection.picked.has(idOf(row));
}

/** Exactly these rows. */
export function only(rows: readonly Picked[]): Selection {
  return { ...NOTHING, picked: new Map(rows.map((row) => [idOf(row), row])) };
}

/** These rows as well. */
export function including(selection: Selection, rows: readonly Picked[]): Selection {
  if (selection.mode === "all") {
    const except = new Set(selection.except);
    for (const row of rows) except.delete(idOf(row));
    return { ...selection, except };
  }
  const picked = new Map(selection.picked);
  for (const row of rows) picked.set(idOf(row), row);
  return { ...selection, picked };
}

/** With a row taken out or put in, whichever changes it. */
export function toggled(selection: Selection, row: Picked): Selection {
  if (!isSelected(selection, row)) return including(selection, [row]);
  const id = idOf(row);
  if (selection.mode === "all") {
    return { ...selection, except: new Set(selection.except).add(id) };
  }
  const picked = new Map(selection.picked);
  picked.delete(id);
  return { ...selection, picked };
}

/** How many rows are selected out of `rows`. */
export function countSelected(selection: Selection, rows: number): number {
  return selection.mode === "all"
    ? Math.max(0, rows - selection.except.size)
    : selection.picked.size;
}

/** Bytes of the selected objects; none when that is not known (all, or a prefix among them). */
export function bytesSelected(selection: Selection): number | undefined {
  if (selection.mode === "all") return undefined;
  let bytes = 0;
  for (const row of selection.picked.values()) {
    if (row.kind === "prefix") return undefined;
    bytes += row.size;
  }
  return bytes;
}
