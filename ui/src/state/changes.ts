/**
 * How changes begin: each is planned first, and starts at once only when nothing has to be read or
 * chosen.
 *
 * Uploads and downloads without conflicts start; with conflicts their plan is shown. Deletions and
 * moves always show their plan. What could not be taken is one report.
 */

import type { GrantId, PathGrant, Plan, Target } from "../contract/types";
import { appErrorOf, host } from "../host/host";
import { wordsOf } from "../lib/failures";
import { lastName } from "../lib/keys";
import { dialogStrings as say } from "../strings/en/dialogs";
import { openDialog, type Place } from "./dialogs";
import { notify } from "./notices";

/** Uploads what was granted into a place. `refused` are sentences about what a drop left out. */
export async function startUpload(
  grants: readonly GrantId[],
  place: Place,
  refused: readonly string[] = [],
): Promise<void> {
  if (grants.length === 0) return report([...refused], true);
  await orSay(say.failedUpload, async () => {
    const plan = await host().call("plan_upload", { ...place, grants: [...grants] });
    await startOrAsk(plan, refused);
  });
}

/** Uploads files that a person picks in the system's dialog. */
export async function pickAndUploadFiles(place: Place): Promise<void> {
  await pickAndUpload(place, () => host().call("paths_pick_files", {}));
}

/** Uploads a folder that a person picks in the system's dialog. */
export async function pickAndUploadFolder(place: Place): Promise<void> {
  await pickAndUpload(place, async () => {
    const folder = await host().call("paths_pick_folder", {});
    return folder === null ? [] : [folder];
  });
}

async function pickAndUpload(place: Place, pick: () => Promise<PathGrant[]>): Promise<void> {
  await orSay(say.failedUpload, async () => {
    const picked = await pick();
    if (picked.length === 0) return;
    const grants = picked.map((grant) => grant.id);
    await startOrAsk(await host().call("plan_upload", { ...place, grants }), []);
  });
}

/** Downloads into a folder that a person picks; a single object into a file of any name. */
export async function startDownload(
  session: string,
  bucket: string,
  targets: readonly Target[],
): Promise<void> {
  if (targets.length === 0) return;
  await orSay(say.failedDownload, async () => {
    const destination = await pickDestination(targets);
    if (destination === null) return;
    const asked = { session, bucket, targets: [...targets], destination: destination.id };
    await startOrAsk(await host().call("plan_download", asked), []);
  });
}

async function pickDestination(targets: readonly Target[]): Promise<PathGrant | null> {
  const [only] = targets;
  if (targets.length === 1 && only?.kind === "object" && !only.key.endsWith("/")) {
    return host().call("paths_pick_destination", { name: lastName(only.key) });
  }
  return host().call("paths_pick_folder", {});
}

async function startOrAsk(plan: Plan, refused: readonly string[]): Promise<void> {
  const leftOut = [...refused, ...plan.warnings];
  if (plan.conflicts > 0) {
    openDialog({ kind: "plan", plan: { ...plan, warnings: leftOut } });
    return;
  }
  if (plan.items === 0) {
    await host().call("plan_drop", { plan: plan.id });
    return report(leftOut, true, plan.operation);
  }
  await host().call("plan_start", { plan: plan.id });
  report(leftOut, false);
}

function report(
  lines: string[],
  nothingTaken: boolean,
  operation: Plan["operation"] = "upload",
): void {
  if (lines.length === 0) return;
  const nothing = operation === "download" ? say.nothingDownloaded : say.nothingTaken;
  openDialog({
    kind: "report",
    title: nothingTaken ? nothing : say.dropReport,
    ...(nothingTaken ? {} : { text: say.dropReportText }),
    lines: [...new Set(lines)],
  });
}

async function orSay(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = appErrorOf(thrown);
    if (error.code === "cancelled") return;
    notify({ tone: "bad", text: what, detail: wordsOf(error) });
  }
}
