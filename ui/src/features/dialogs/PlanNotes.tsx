import type { Plan } from "../../contract/types";
import { showKey } from "../../lib/keys";
import { planStrings as say } from "../../strings/en/plans";
import styles from "./PlanDialog.module.css";
import { notesOf, warningsOf } from "./planSummary";

type Props = { plan: Plan };

/** What has to be read before agreeing, in amber. */
export function PlanNotes({ plan }: Props) {
  const warnings = warningsOf(plan);
  return (
    <>
      {notesOf(plan).map(({ lead, text }) => (
        <p key={lead} className={styles.note}>
          <b>{lead}</b> {text}
        </p>
      ))}
      {warnings.length > 0 && (
        <div className={styles.note}>
          <b>{say.attention}</b>
          <ul className={styles.warnings}>
            {warnings.map((warning) => (
              <li key={warning}>{showKey(warning)}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
