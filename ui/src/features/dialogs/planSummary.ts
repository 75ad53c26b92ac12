/**
 * A plan in words: four counters, the notes in amber, the button.
 *
 * Pure. Whatever cannot be undone or needs a choice is said before the button may be pressed.
 */

import type { ConflictPolicy, Plan } from "../../contract/types";
import { formatBytes } from "../../lib/bytes";
import { grouped } from "../../strings/en/counted";
import { planStrings as say } from "../../strings/en/plans";

/** A figure of a plan and what it counts. */
export type Counter = { value: string; label: string };

/** Something to read before agreeing; `lead` is set bold. */
export type Note = { lead: string; text: string };

/** A choice for what exists already. */
export type ChosenPolicy = Exclude<ConflictPolicy, "ask">;

/** Warnings that are shown one by one; more are counted. */
const WARNINGS_SHOWN = 4;

/** What the dialog is called. */
export function titleOf(plan: Plan): string {
  const { operation, title, destination } = plan;
  return operation === "delete" ? say.titles.delete(title) : say.titles[operation](title, destination);
}

/** The four figures. */
export function countersOf(plan: Plan): Counter[] {
  const count = say.counters;
  const bytes = {
    upload: count.bytesUpload,
    download: count.bytesDownload,
    delete: count.bytesDelete,
    move: count.bytesMove,
  };
  return [
    { value: grouped(plan.items), label: count[plan.operation](plan.items) },
    { value: formatBytes(plan.bytes), label: bytes[plan.operation] },
    lastButOne(plan),
    { value: grouped(plan.requests), label: count.requests(plan.requests) },
  ];
}

function lastButOne(plan: Plan): Counter {
  const count = say.counters;
  if (plan.operation === "upload" || plan.operation === "download") {
    return { value: grouped(plan.conflicts), label: count.conflicts(plan.conflicts) };
  }
  const undo = { yes: count.undoYes, no: count.undoNo, unknown: count.undoUnknown };
  return { value: undo[plan.reversible], label: count.undo };
}

/** What has to be read before agreeing. */
export function notesOf(plan: Plan): Note[] {
  const notes: Note[] = [];
  if (plan.operation === "delete" && plan.reversible === "no") {
    // The engine's own sentences say why, and are not said twice.
    const why = plan.warnings.map((warning) => `${warning.replace(/\.$/, "")}.`).join(" ");
    notes.push({ lead: say.irreversibleDelete, text: why || say.irreversibleDeleteWhy });
  }
  if (plan.operation === "delete" && plan.reversible === "unknown") {
    notes.push({ lead: say.unknownDelete, text: say.unknownDeleteWhy });
  }
  if (plan.operation === "move") {
    notes.push({ lead: say.irreversibleMove, text: say.irreversibleMoveWhy });
  }
  if (plan.conflicts > 0) {
    notes.push({ lead: say.conflictsNote(plan.conflicts), text: say.conflictsWhy(plan.conflicts) });
  }
  return notes;
}

/** The warnings that are shown, with a last line for those that are not. */
export function warningsOf(plan: Plan): string[] {
  if (plan.operation === "delete" && plan.reversible === "no") return [];
  const shown = plan.warnings.slice(0, WARNINGS_SHOWN);
  const rest = plan.warnings.length - shown.length;
  return rest > 0 ? [...shown, say.moreWarnings(rest)] : shown;
}

/** What the button says; skipping leaves the conflicts out of its count. */
export function actionOf(plan: Plan, policy: ChosenPolicy | undefined): string {
  const left = policy === "skip" ? plan.items - plan.conflicts : plan.items;
  return say.actions[plan.operation](Math.max(0, left));
}

/** Whether the button is a dangerous one. */
export function isDangerous(plan: Plan, policy: ChosenPolicy | undefined): boolean {
  return plan.operation === "delete" || policy === "overwrite";
}

/** Whether the plan waits for a choice. */
export function needsChoice(plan: Plan): boolean {
  return plan.conflicts > 0 && plan.operation !== "delete" && plan.policy === "ask";
}

/** What stands beside the buttons. */
export function footerOf(plan: Plan): string {
  const keepsVersions = plan.operation === "delete" && plan.reversible === "yes";
  return keepsVersions ? say.footerVersions : say.footer;
}
