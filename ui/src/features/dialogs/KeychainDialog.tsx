import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useCall } from "../../state/useCall";
import { dialogStrings as say } from "../../strings/en/dialogs";

type Props = { reason: string; onRetry: () => Promise<void>; onClose: () => void };

/** Says that the keychain is locked, and tries again once the person has unlocked it. */
export function KeychainDialog({ reason, onRetry, onClose }: Props) {
  const call = useCall();
  const retry = async () => {
    const done = await call.run(async () => {
      await onRetry();
      return true;
    });
    if (done === true) onClose();
  };
  return (
    <Dialog
      isOpen
      role="alertdialog"
      width="narrow"
      title={say.keychainTitle}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{say.close}</Button>
          <Button variant="primary" autoFocus isPending={call.isPending} onPress={() => void retry()}>
            {call.isPending ? say.keychainTrying : say.keychainRetry}
          </Button>
        </>
      }
    >
      <p>{say.keychainText}</p>
      {call.error ? <ErrorPanel error={call.error} /> : <p className="dim">{reason}</p>}
    </Dialog>
  );
}
