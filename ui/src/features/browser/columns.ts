/** The columns of the grid, from left to right. */

import type { ListingRow, SortColumn } from "../../contract/types";
import { formatBytes } from "../../lib/bytes";
import { formatTime } from "../../lib/time";
import { browserStrings as say } from "../../strings/en/browser";

export type Column = { id: SortColumn; title: string };

export const COLUMNS: readonly Column[] = [
  { id: "name", title: say.columns.name },
  { id: "size", title: say.columns.size },
  { id: "modified", title: say.columns.modified },
  { id: "storageClass", title: say.columns.storageClass },
];

/** A storage class in words; one that is not known is shown as the server names it. */
export function storageClassName(storageClass: string | null): string {
  const name = storageClass ?? "STANDARD";
  return say.storageClasses[name] ?? name;
}

/** What a column says of a row; nothing where it says nothing of a folder. */
export function cellText(row: ListingRow, column: SortColumn): string {
  if (column === "name") return row.key;
  if (row.kind === "prefix") return "";
  if (column === "size") return formatBytes(row.size);
  if (column === "modified") return row.modified === null ? "" : formatTime(row.modified);
  return storageClassName(row.storageClass);
}
