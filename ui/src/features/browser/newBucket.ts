/** The dialog that makes a bucket, and the way there. */

import { listBuckets } from "../../state/buckets";
import { openDialog } from "../../state/dialogs";
import type { Tab } from "./tab";

/** Asks for a new bucket, lists it and goes there. */
export function askForNewBucket(tab: Tab, session: string): void {
  openDialog({
    kind: "createBucket",
    session,
    onMade: (bucket) => {
      void listBuckets(session);
      tab.go({ session, bucket, prefix: "" });
    },
  });
}
