import { Label, Radio, RadioGroup } from "react-aria-components";
import { planStrings as say } from "../../strings/en/plans";
import styles from "./PlanDialog.module.css";
import type { ChosenPolicy } from "./planSummary";

type Props = { value: ChosenPolicy | undefined; onChange: (policy: ChosenPolicy) => void };

const POLICIES: readonly ChosenPolicy[] = ["skip", "keepBoth", "overwrite"];

/** What happens to what exists already. Nothing is chosen beforehand: each choice loses something. */
export function PolicyChoice({ value, onChange }: Props) {
  return (
    <RadioGroup
      value={value ?? null}
      orientation="horizontal"
      onChange={(chosen) => {
        const policy = POLICIES.find((known) => known === chosen);
        if (policy) onChange(policy);
      }}
    >
      <Label className="visually-hidden">{say.policy}</Label>
      <div className={styles.policies}>
        {POLICIES.map((policy) => (
          <Radio
            key={policy}
            value={policy}
            autoFocus={policy === "skip"}
            className={styles.policy ?? ""}
          >
            <b>{say.policies[policy].name}</b>
            <span className="dim">{say.policies[policy].hint}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
