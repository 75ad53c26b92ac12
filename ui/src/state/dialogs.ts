/**
 * Which dialogs are open.
 *
 * Any feature opens a dialog by naming it and what it is about; the dialogs feature renders the
 * stack. The topmost dialog has the focus. A request carries no secret.
 */

import { useSyncExternalStore } from "react";

import type { Plan } from "../contract/types";
import type { Session } from "../contract/types";
import type { Target } from "../contract/types";


/** A prefix of a bucket, seen by a session. */
export type Place = { session: string; bucket: string; prefix: string };

/** What can be opened. */
export type DialogRequest =
  /** Make a connection, or edit a saved one; where only its secret is missing, that is asked for. */
  | {
      kind: "connection";
      session?: Session;
      asksForSecret?: boolean;
      onSaved?: (session: string) => void;
    }
  | { kind: "removeSession"; session: Session; onRemoved?: () => void }
  /** Show a plan; it is started or dropped by the dialog. */
  | { kind: "plan"; plan: Plan; onStarted?: (job: string) => void }
  /** Plan a deletion, then show the plan. */
  | { kind: "delete"; session: string; bucket: string; targets: Target[] }
  /** Ask for another name, then show the plan of the move. */
  | { kind: "rename"; session: string; bucket: string; target: Target }
  | { kind: "newFolder"; place: Place; onMade?: (prefix: string) => void }
  | { kind: "createBucket"; session: string; onMade?: (bucket: string) => void }
  | { kind: "deleteBucket"; session: string; bucket: string; onDeleted?: () => void }
  | { kind: "openBucket"; session: string; onOpen: (bucket: string, prefix: string) => void }
  /** Upload files whose path is typed; the shell asks natively before it grants the path. */
  | { kind: "typedPath"; place: Place }
  | { kind: "report"; title: string; text?: string; lines: string[] }
  | { kind: "keychain"; reason: string; onRetry: () => Promise<void> };

/** An open dialog. */
export type OpenDialog = { id: number; request: DialogRequest };

let open: readonly OpenDialog[] = [];
let nextId = 1;
let opener: HTMLElement | null = null;
const watchers = new Set<() => void>();

function set(next: readonly OpenDialog[]) {
  open = next;
  for (const watcher of watchers) watcher();
}

/** Opens a dialog above those that are open; answers its id. */
export function openDialog(request: DialogRequest): number {
  if (open.length === 0) {
    opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  }
  const id = nextId++;
  set([...open, { id, request }]);
  return id;
}

/** Closes a dialog; nothing happens when it is closed already. */
export function closeDialog(id: number): void {
  if (open.some((dialog) => dialog.id === id)) set(open.filter((dialog) => dialog.id !== id));
}

/** Puts another request in a dialog's place, so that one step leads to the next without a flicker. */
export function replaceDialog(id: number, request: DialogRequest): void {
  set(open.map((dialog) => (dialog.id === id ? { id: nextId++, request } : dialog)));
}

/** The open dialogs, the topmost last. */
export function useOpenDialogs(): readonly OpenDialog[] {
  return useSyncExternalStore(watch, openDialogs);
}

/** The open dialogs, outside of rendering. */
export function openDialogs(): readonly OpenDialog[] {
  return open;
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Whether a dialog is open still. */
export function isDialogOpen(id: number): boolean {
  return open.some((dialog) => dialog.id === id);
}

/** What had the focus when the first of the open dialogs was opened. */
export function focusBeforeDialogs(): HTMLElement | null {
  return opener;
}
