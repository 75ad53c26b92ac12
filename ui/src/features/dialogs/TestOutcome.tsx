import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { Spinner } from "../../components/Spinner";
import type { AppError, SessionTest } from "../../contract/types";
import { cx } from "../../lib/cx";
import { connectionStrings as say } from "../../strings/en/connection";
import styles from "./ConnectionDialog.module.css";
import { canSaveUntested, failureTitle } from "./testFailure";
import type { Connection } from "./useConnection";

type Props = { connection: Connection };

/** What the last test of this very form said. The region is always there, so that it is heard. */
export function TestOutcome({ connection }: Props) {
  const { tested, isTesting, isSaving } = connection;
  return (
    <div aria-live="polite" role="status" className={styles.region}>
      {isTesting && (
        <p className={cx(styles.outcome, styles.testing)}>
          <Spinner label={say.testing} /> {say.testing}
        </p>
      )}
      {!isTesting && tested?.kind === "passed" && <Passed test={tested.test} />}
      {!isTesting && tested?.kind === "failed" && (
        <Failed
          error={tested.error}
          isPending={isSaving}
          onSave={() => void connection.saveAnyway()}
        />
      )}
    </div>
  );
}

function Passed({ test }: { test: SessionTest }) {
  const facts = [
    test.buckets === null ? "" : say.buckets(test.buckets),
    test.identity === null ? "" : say.actingAs(test.identity.arn),
  ].filter((fact) => fact !== "");
  return (
    <div className={cx(styles.outcome, styles.passed)}>
      <Icon name="check" />
      <div className={styles.words}>
        <b>{say.passed}</b>
        {facts.map((fact) => (
          <div key={fact} data-selectable>
            {fact}
          </div>
        ))}
        {test.buckets === null && test.notes.length === 0 && <div>{say.noBucketList}</div>}
        {test.notes.map((note) => (
          <div key={note}>{note}</div>
        ))}
      </div>
    </div>
  );
}

type FailedProps = { error: AppError; isPending: boolean; onSave: () => void };

function Failed({ error, isPending, onSave }: FailedProps) {
  return (
    <div className={cx(styles.outcome, styles.failed)}>
      <Icon name="warning" />
      <div className={styles.words}>
        <b>{failureTitle(error)}</b>
        <div data-selectable>{error.message}</div>
        {error.advice !== null && <div>{error.advice}</div>}
        {error.requestId !== null && <div className="mono">{say.requestId(error.requestId)}</div>}
        {canSaveUntested(error) && (
          <div className={styles.anyway}>
            <Button size="small" isPending={isPending} onPress={onSave}>
              {say.saveAnyway}
            </Button>
            <span>{say.saveAnywayHint}</span>
          </div>
        )}
      </div>
    </div>
  );
}
