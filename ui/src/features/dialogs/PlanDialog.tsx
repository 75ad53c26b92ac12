import { useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorPanel } from "../../components/ErrorPanel";
import type { Plan } from "../../contract/types";
import { host } from "../../host/host";
import { showKey } from "../../lib/keys";
import { useCall } from "../../state/useCall";
import { planStrings as say } from "../../strings/en/plans";
import { PlanNotes } from "./PlanNotes";
import { PlanTable } from "./PlanTable";
import { PolicyChoice } from "./PolicyChoice";
import styles from "./PlanDialog.module.css";
import {
  actionOf,
  type ChosenPolicy,
  countersOf,
  footerOf,
  isDangerous,
  needsChoice,
  titleOf,
} from "./planSummary";

type Props = {
  plan: Plan;
  onStarted?: ((job: string) => void) | undefined;
  onClose: () => void;
};

/** What will happen, before it happens. Closing it drops the plan; nothing has changed then. */
export function PlanDialog({ plan, onStarted, onClose }: Props) {
  const [policy, setPolicy] = useState<ChosenPolicy>();
  const call = useCall();
  const isChoiceOpen = needsChoice(plan) && policy === undefined;
  const leave = () => {
    onClose();
    // A plan that was not dropped is forgotten by the engine in time; there is nothing to say.
    host().call("plan_drop", { plan: plan.id }).catch(() => undefined);
  };
  const start = async () => {
    const asked = policy === undefined ? {} : { policy };
    const started = await call.run(() => host().call("plan_start", { plan: plan.id, ...asked }));
    if (started === undefined) return;
    onClose();
    onStarted?.(started.job);
  };
  return (
    <Dialog
      isOpen
      width="wide"
      title={showKey(titleOf(plan))}
      isDismissable={false}
      onClose={leave}
      footnote={footerOf(plan)}
      actions={
        <>
          <Button autoFocus={isDangerous(plan, undefined)} onPress={leave}>
            {say.cancel}
          </Button>
          <Button
            variant={isDangerous(plan, policy) ? "danger" : "primary"}
            autoFocus={!isDangerous(plan, undefined) && !needsChoice(plan)}
            isDisabled={isChoiceOpen || plan.items === 0}
            isPending={call.isPending}
            onPress={() => void start()}
          >
            {call.isPending ? say.starting : actionOf(plan, policy)}
          </Button>
        </>
      }
    >
      <ul className={styles.counters}>
        {countersOf(plan).map(({ value, label }) => (
          <li key={label}>
            <b>{value}</b>
            <span className="dim">{label}</span>
          </li>
        ))}
      </ul>
      <PlanNotes plan={plan} />
      {needsChoice(plan) && <PolicyChoice value={policy} onChange={setPolicy} />}
      <PlanTable plan={plan} />
      {call.error && <ErrorPanel error={call.error} />}
    </Dialog>
  );
}
