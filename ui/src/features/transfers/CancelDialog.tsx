import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import type { Job } from "../../contract/types";
import { formatBytes } from "../../lib/bytes";
import { showKey } from "../../lib/keys";
import { transferStrings as say } from "../../strings/en/transfers";

type Props = { job: Job; onClose: () => void; onCancelJob: () => void };

/** Asks once before a big job is cancelled, and says what becomes of what has arrived. */
export function CancelDialog({ job, onClose, onCancelJob }: Props) {
  return (
    <Dialog
      isOpen
      role="alertdialog"
      width="narrow"
      title={say.cancelQuestion(showKey(job.title))}
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            {say.keepGoing}
          </Button>
          <Button
            variant="danger"
            onPress={() => {
              onCancelJob();
              onClose();
            }}
          >
            {say.cancelConfirm}
          </Button>
        </>
      }
    >
      <p>{textOf(job)}</p>
    </Dialog>
  );
}

function textOf(job: Job): string {
  if (job.operation === "upload") return say.cancelUploadText(formatBytes(job.bytesDone));
  if (job.operation === "download") return say.cancelDownloadText(formatBytes(job.bytesDone));
  return say.cancelOtherText;
}
