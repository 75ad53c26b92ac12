import { useEffect } from "react";
import { closeDialog, focusBeforeDialogs, type OpenDialog, useOpenDialogs } from "../../state/dialogs";
import { ConnectionDialog } from "./ConnectionDialog";
import { CreateBucketDialog } from "./CreateBucketDialog";
import { DeleteBucketDialog } from "./DeleteBucketDialog";
import { DeletePlanning } from "./DeletePlanning";
import { KeychainDialog } from "./KeychainDialog";
import { NewFolderDialog } from "./NewFolderDialog";
import { OpenBucketDialog } from "./OpenBucketDialog";
import { PlanDialog } from "./PlanDialog";
import { RemoveSessionDialog } from "./RemoveSessionDialog";
import { RenameDialog } from "./RenameDialog";
import { ReportDialog } from "./ReportDialog";
import { TypedPathDialog } from "./TypedPathDialog";

/** The open dialogs, the topmost last. */
export function Dialogs() {
  const dialogs = useOpenDialogs();
  const isAnyOpen = dialogs.length > 0;
  useEffect(() => {
    if (!isAnyOpen) return;
    const opener = focusBeforeDialogs();
    return () => giveBackFocus(opener);
  }, [isAnyOpen]);
  return dialogs.map((dialog) => <DialogOf key={dialog.id} dialog={dialog} />);
}

function DialogOf({ dialog: { id, request } }: { dialog: OpenDialog }) {
  const onClose = () => closeDialog(id);
  switch (request.kind) {
    case "connection":
      return <ConnectionDialog {...request} onClose={onClose} />;
    case "removeSession":
      return <RemoveSessionDialog {...request} onClose={onClose} />;
    case "plan":
      return <PlanDialog {...request} onClose={onClose} />;
    case "delete":
      return <DeletePlanning {...request} id={id} onClose={onClose} />;
    case "rename":
      return <RenameDialog {...request} id={id} onClose={onClose} />;
    case "newFolder":
      return <NewFolderDialog {...request} onClose={onClose} />;
    case "createBucket":
      return <CreateBucketDialog {...request} onClose={onClose} />;
    case "deleteBucket":
      return <DeleteBucketDialog {...request} onClose={onClose} />;
    case "openBucket":
      return <OpenBucketDialog {...request} onClose={onClose} />;
    case "typedPath":
      return <TypedPathDialog {...request} onClose={onClose} />;
    case "report":
      return <ReportDialog {...request} onClose={onClose} />;
    case "keychain":
      return <KeychainDialog {...request} onClose={onClose} />;
  }
}

/**
 * A dialog gives the focus back to what had it when it opened. Where one dialog led to the next,
 * that was in a dialog that is gone, and the focus would be lost to the page's body.
 */
function giveBackFocus(opener: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost && opener?.isConnected) opener.focus();
  });
}
