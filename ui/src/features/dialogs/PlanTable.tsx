import type { Plan, PlanRow } from "../../contract/types";
import { formatBytes } from "../../lib/bytes";
import { cx } from "../../lib/cx";
import { showKey } from "../../lib/keys";
import { planStrings as say } from "../../strings/en/plans";
import styles from "./PlanDialog.module.css";

type Props = { plan: Plan };

/** The first rows of a plan. */
export function PlanTable({ plan }: Props) {
  if (plan.sample.length === 0) return null;
  const hasDestination = plan.operation !== "delete";
  return (
    <div>
      {/* A region that scrolls must be reachable by keyboard to be read. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.tableFrame} tabIndex={0} role="group" aria-label={say.sampleCaption}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{hasDestination ? say.columns.source : say.columns.object}</th>
              {hasDestination && <th scope="col">{say.columns.destination}</th>}
              <th scope="col" className={styles.size}>
                {say.columns.size}
              </th>
              <th scope="col" className={styles.why}>
                {say.columns.why}
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.sample.map((row) => (
              <SampleRow
                key={`${row.source}\n${row.destination}`}
                row={row}
                hasDestination={hasDestination}
              />
            ))}
          </tbody>
        </table>
      </div>
      {plan.items > plan.sample.length && (
        <p className={cx(styles.more, "dim")}>{say.sampleOf(plan.sample.length, plan.items)}</p>
      )}
    </div>
  );
}

function SampleRow({ row, hasDestination }: { row: PlanRow; hasDestination: boolean }) {
  return (
    <tr>
      <PathCell text={showKey(row.source)} />
      {hasDestination && <PathCell text={showKey(row.destination)} isDim />}
      <td className={styles.size}>{formatBytes(row.bytes)}</td>
      <td className={row.conflict ? styles.conflict : "dim"} title={row.why}>
        {row.why}
      </td>
    </tr>
  );
}

function PathCell({ text, isDim = false }: { text: string; isDim?: boolean }) {
  return (
    <td className={cx(styles.tail, isDim && "dim")} title={text}>
      <bdi dir="ltr">{text}</bdi>
    </td>
  );
}
