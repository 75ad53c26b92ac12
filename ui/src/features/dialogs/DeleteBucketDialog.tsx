import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import { host } from "../../host/host";
import { useCall } from "../../state/useCall";
import { dialogStrings as say } from "../../strings/en/dialogs";

type Props = {
  session: string;
  bucket: string;
  onDeleted?: (() => void) | undefined;
  onClose: () => void;
};

/** Asks before an empty bucket is deleted; the server refuses one that is not empty. */
export function DeleteBucketDialog({ session, bucket, onDeleted, onClose }: Props) {
  const call = useCall();
  const submit = async () => {
    const done = await call.run(async () => {
      await host().call("bucket_delete", { session, name: bucket });
      return true;
    });
    if (done !== true) return;
    onClose();
    onDeleted?.();
  };
  return (
    <Dialog
      isOpen
      role="alertdialog"
      width="narrow"
      title={say.deleteBucketTitle(bucket)}
      isDismissable={false}
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            {say.cancel}
          </Button>
          <Button variant="danger" isPending={call.isPending} onPress={() => void submit()}>
            {call.isPending ? say.deletingBucket : say.deleteBucketConfirm}
          </Button>
        </>
      }
    >
      <p>{say.deleteBucketText}</p>
      {call.error && <ErrorPanel error={call.error} />}
      {call.error?.code === "bucketNotEmpty" && <p className="dim">{say.deleteBucketNotEmpty}</p>}
    </Dialog>
  );
}
