/** What can be done with what a tab shows; every change begins as a plan. */

import type { Target } from "../../contract/types";
import { copyText } from "../../lib/clipboard";
import { uriOf } from "../../lib/keys";
import { startDownload } from "../../state/changes";
import { openDialog } from "../../state/dialogs";
import type { ListingPlace } from "../../state/listing";
import { notify } from "../../state/notices";
import { sessions } from "../../state/sessions";
import { browserStrings as say } from "../../strings/en/browser";
import type { Tab } from "./tab";

/** The prefix that is shown; none without a bucket. */
export function openPlace(tab: Tab): ListingPlace | undefined {
  const { place } = tab;
  return place?.bucket
    ? { session: place.session, bucket: place.bucket, prefix: place.prefix }
    : undefined;
}

async function withTargets(
  tab: Tab,
  act: (place: ListingPlace, targets: Target[]) => void,
): Promise<void> {
  const place = openPlace(tab);
  if (!place) return;
  const targets = await tab.cursor.targets();
  if (targets === undefined) notify({ tone: "warn", text: say.tooMany });
  else if (targets.length > 0) act(place, targets);
}

/** Says that nothing may be changed where that is so. */
function refusedAsReadOnly(place: ListingPlace): boolean {
  const isReadOnly = sessions.get().find((known) => known.id === place.session)?.readOnly ?? false;
  if (isReadOnly) notify({ tone: "warn", text: say.dropReadOnly });
  return isReadOnly;
}

/** Opens the current row: a folder is entered, an object's details are shown. */
export function openCurrent(tab: Tab, showDetails: () => void): void {
  const place = openPlace(tab);
  const row = tab.cursor.state.get().current?.row;
  if (!place || !row) return;
  if (row.kind === "prefix") tab.go({ ...place, prefix: row.key });
  else showDetails();
}

/** Opens the plan of deleting what is selected. */
export function deleteSelected(tab: Tab): Promise<void> {
  return withTargets(tab, (place, targets) => {
    if (refusedAsReadOnly(place)) return;
    const { session, bucket } = place;
    openDialog({ kind: "delete", session, bucket, targets });
  });
}

/** Asks where to, then downloads what is selected. */
export function downloadSelected(tab: Tab): Promise<void> {
  return withTargets(tab, ({ session, bucket }, targets) => {
    void startDownload(session, bucket, targets);
  });
}

/** Asks for another name of the current row. */
export function renameCurrent(tab: Tab): void {
  const place = openPlace(tab);
  const row = tab.cursor.state.get().current?.row;
  if (!place || !row || refusedAsReadOnly(place)) return;
  const target: Target =
    row.kind === "prefix" ? { kind: "prefix", prefix: row.key } : { kind: "object", key: row.key };
  openDialog({ kind: "rename", session: place.session, bucket: place.bucket, target });
}

/** Asks for a name, makes the folder and shows it. */
export function makeFolder(tab: Tab): void {
  const place = openPlace(tab);
  if (!place) return;
  openDialog({
    kind: "newFolder",
    place,
    onMade: (prefix) => tab.refresh(prefix),
  });
}

/** Copies and says so. */
export async function copyAndSay(text: string): Promise<void> {
  const done = await copyText(text);
  notify(done ? { tone: "good", text: say.copied } : { tone: "bad", text: say.notCopied });
}

/** Copies the URIs of the selected rows, one a line. */
export function copySelected(tab: Tab): Promise<void> {
  return withTargets(tab, ({ bucket }, targets) => {
    const keys = targets.map((target) => (target.kind === "object" ? target.key : target.prefix));
    void copyAndSay(keys.map((key) => uriOf(bucket, key)).join("\n"));
  });
}
