import { type CSSProperties, useState } from "react";
import { Button } from "../../components/Button";
import { IconButton } from "../../components/IconButton";
import { MiddleCut } from "../../components/MiddleCut";
import type { Job } from "../../contract/types";
import { cx } from "../../lib/cx";
import { showKey } from "../../lib/keys";
import { isOver, useJob } from "../../state/jobs";
import { useSession } from "../../state/sessions";
import { sessionStrings } from "../../strings/en/sessions";
import { transferStrings as say } from "../../strings/en/transfers";
import { CancelDialog } from "./CancelDialog";
import { JobItems } from "./JobItems";
import styles from "./JobRow.module.css";
import { PartMapBar } from "./PartMapBar";
import { canPause, canResume, nameOf, percentDone, speedText, stateText, stateTone } from "./progress";
import { useJobActions } from "./useJobActions";
import { useVerified } from "./useVerified";

type Props = { id: string };

const ARROWS = { upload: "↑", download: "↓", delete: "×", move: "⇄" } as const;

/** One job of the dock. It subscribes to its own job, so that a busy queue renders one row. */
export function JobRow({ id }: Props) {
  const job = useJob(id);
  const [isOpen, setOpen] = useState(false);
  if (job === undefined) return null;
  const reason = job.state === "running" ? null : job.reason;
  return (
    <li className={styles.job} aria-label={showKey(job.title)} data-state={job.state}>
      <div className={styles.row}>
        <span className={styles.direction} role="img" aria-label={say[job.operation]}>
          {ARROWS[job.operation]}
        </span>
        <JobTitle job={job} />
        <PartMapBar job={job} />
        <span className={cx(styles.figure, styles.percent)}>{say.percent(percentDone(job))}</span>
        <span className={styles.figure}>{speedText(job)}</span>
        <JobState job={job} />
        <JobActions job={job} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />
      </div>
      {reason != null && reason !== "" && (
        <div className={cx(styles.reason, styles[stateTone(job)])}>{showKey(reason)}</div>
      )}
      {isOpen && <JobItems job={job} />}
    </li>
  );
}

function JobState({ job }: { job: Job }) {
  const text = stateText(job, useVerified(job));
  return (
    <span className={cx(styles.figure, styles[stateTone(job)])} title={text}>
      {text}
    </span>
  );
}

function JobTitle({ job }: { job: Job }) {
  const session = useSession(job.session);
  const name = nameOf(job);
  const destination = showKey(job.destination);
  return (
    <span className={styles.title} title={say.titleFull(name, destination, job.sessionName)}>
      <span
        className={cx(styles.dot, "roled")}
        style={{ "--role": session?.colour ?? "var(--ink-4)" } as CSSProperties}
        role="img"
        aria-label={job.sessionName}
      />
      <MiddleCut text={name} className={styles.name} />
      <MiddleCut text={destination} className={styles.where} />
    </span>
  );
}

type ActionProps = { job: Job; isOpen: boolean; onToggle: () => void };

function JobActions({ job, isOpen, onToggle }: ActionProps) {
  const { pause, resume, cancel, signIn } = useJobActions(job);
  const [asks, setAsks] = useState(false);
  const needsSecret = useSession(job.session)?.needsSecret ?? false;
  const title = showKey(job.title);
  return (
    <span className={styles.actions}>
      {job.state === "waitingForSignIn" && (
        <Button
          variant="link"
          aria-label={(needsSecret ? sessionStrings.enterSecretOf : say.signInOf)(title)}
          onPress={signIn}
        >
          {needsSecret ? sessionStrings.enterSecret : say.signIn}
        </Button>
      )}
      {job.itemsFailed > 0 && !isOpen && (
        <Button variant="link" aria-label={say.showFailedOf(title)} onPress={onToggle}>
          {say.showFailed}
        </Button>
      )}
      {canPause(job) && (
        <Button variant="link" aria-label={say.pauseOf(title)} onPress={pause}>
          {say.pause}
        </Button>
      )}
      {canResume(job) && (
        <Button variant="link" aria-label={say.resumeOf(title)} onPress={resume}>
          {say.resume}
        </Button>
      )}
      <IconButton
        icon="forward"
        size="small"
        label={say.detailsOf(title)}
        aria-expanded={isOpen}
        className={cx(styles.expander, isOpen && styles.expanded)}
        onPress={onToggle}
      />
      {isOver(job) ? (
        <span className={styles.noCancel} />
      ) : (
        <IconButton
          icon="close"
          size="small"
          label={say.cancelOf(title)}
          onPress={() => (isWorthAsking(job) ? setAsks(true) : cancel())}
        />
      )}
      {asks && <CancelDialog job={job} onClose={() => setAsks(false)} onCancelJob={cancel} />}
    </span>
  );
}

/** Bytes that take long enough to move that a slip of the hand should not throw them away. */
const WORTH_ASKING_BYTES = 64 * 1024 * 1024;
/** Items for the same reason. */
const WORTH_ASKING_ITEMS = 100;

function isWorthAsking(job: Job): boolean {
  return job.bytesDone > WORTH_ASKING_BYTES || job.itemsDone > WORTH_ASKING_ITEMS;
}
