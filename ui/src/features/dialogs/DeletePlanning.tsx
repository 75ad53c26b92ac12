import { useEffect } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Spinner } from "../../components/Spinner";
import type { Target } from "../../contract/types";
import { host } from "../../host/host";
import { isDialogOpen, replaceDialog } from "../../state/dialogs";
import { useCall } from "../../state/useCall";
import { planStrings as say } from "../../strings/en/plans";
import styles from "./DeletePlanning.module.css";

type Props = {
  id: number;
  session: string;
  bucket: string;
  targets: Target[];
  onClose: () => void;
};

/** Finds out what a deletion would remove, then gives way to its plan. */
export function DeletePlanning({ id, session, bucket, targets, onClose }: Props) {
  const call = useCall();
  const look = async () => {
    const plan = await call.run(() => host().call("plan_delete", { session, bucket, targets }));
    if (plan === undefined) return;
    if (isDialogOpen(id)) replaceDialog(id, { kind: "plan", plan });
    else await host().call("plan_drop", { plan: plan.id });
  };
  useEffect(() => {
    void look();
    // Once an opening: the dialog's id stands for all that it was opened with.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id]);
  return (
    <Dialog
      isOpen
      width="narrow"
      title={call.error ? say.planFailed : say.preparing}
      subtitle={call.error ? undefined : say.preparingHint}
      onClose={onClose}
      actions={<Button onPress={onClose}>{say.cancel}</Button>}
    >
      {call.error ? (
        <ErrorPanel error={call.error} onRetry={() => void look()} />
      ) : (
        <div className={styles.waiting}>
          <Spinner label={say.preparing} size={20} />
        </div>
      )}
    </Dialog>
  );
}
