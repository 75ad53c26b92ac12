/**
 * The part map: at most 96 cells, drawn from what the other side acknowledged.
 *
 * The engine sends one character a cell. Neighbours that look alike are drawn as one run, so that a
 * row costs a handful of shapes however many parts the object has.
 */

import type { Job } from "../../contract/types";
import { shareDone } from "./progress";

/** How a cell looks. */
export type Cell = "waiting" | "inFlight" | "done" | "failed";

/** Neighbouring cells that look alike. */
export type Run = { cell: Cell; start: number; length: number };

/** More cells than this cannot be told apart at the dock's width. */
export const MAX_CELLS = 96;

const CELL_OF: Readonly<Record<string, Cell>> = {
  ".": "waiting",
  w: "inFlight",
  d: "done",
  f: "failed",
};

/** Reads the map's characters; one that is not known counts as waiting, so nothing is overstated. */
export function readCells(map: string): Cell[] {
  return Array.from(map.slice(0, MAX_CELLS), (char) => CELL_OF[char] ?? "waiting");
}

/** Joins neighbours that look alike. */
export function runsOf(cells: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  cells.forEach((cell, index) => {
    const last = runs.at(-1);
    if (last?.cell === cell) last.length += 1;
    else runs.push({ cell, start: index, length: 1 });
  });
  return runs;
}

/** A job's cells; a job that came without a map is drawn from its share. */
export function cellsOf(job: Job): Cell[] {
  if (job.map !== "") return readCells(job.map);
  const full = Math.floor(shareDone(job) * MAX_CELLS);
  return Array.from({ length: MAX_CELLS }, (_, at) => (at < full ? "done" : "waiting"));
}
