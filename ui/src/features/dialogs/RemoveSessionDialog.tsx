import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import type { Session } from "../../contract/types";
import { host } from "../../host/host";
import { useCall } from "../../state/useCall";
import { connectionStrings as say } from "../../strings/en/connection";

type Props = { session: Session; onRemoved?: (() => void) | undefined; onClose: () => void };

/** Asks before a saved connection and its kept secret are forgotten. */
export function RemoveSessionDialog({ session, onRemoved, onClose }: Props) {
  const call = useCall();
  const submit = async () => {
    const done = await call.run(async () => {
      await host().call("session_remove", { id: session.id });
      return true;
    });
    if (done !== true) return;
    onClose();
    onRemoved?.();
  };
  return (
    <Dialog
      isOpen
      role="alertdialog"
      width="narrow"
      title={say.removeTitle(session.name)}
      isDismissable={false}
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            {say.cancel}
          </Button>
          <Button variant="danger" isPending={call.isPending} onPress={() => void submit()}>
            {say.removeConfirm}
          </Button>
        </>
      }
    >
      <p>{say.removeText}</p>
      {call.error && <ErrorPanel error={call.error} />}
    </Dialog>
  );
}
