/** Opening a bucket that is in no list. */

import { rememberBucket } from "../../state/buckets";
import { openDialog } from "../../state/dialogs";
import type { Tab } from "./tab";

/** Asks for a bucket's name or address, and goes there. */
export function openByName(tab: Tab, session: string): void {
  openDialog({
    kind: "openBucket",
    session,
    onOpen: (bucket, prefix) => {
      rememberBucket(session, bucket);
      tab.go({ session, bucket, prefix });
    },
  });
}
