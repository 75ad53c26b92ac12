import { Button } from "../../components/Button";
import { IconButton } from "../../components/IconButton";
import { formatBytes } from "../../lib/bytes";
import { useAllJobs } from "../../state/jobs";
import { transferStrings as say } from "../../strings/en/transfers";
import { totalsOf } from "./summary";
import styles from "./TransfersDock.module.css";
import { useAllJobsActions } from "./useJobActions";

type Props = { isCollapsed: boolean; onToggle: () => void };

/** What all jobs do together, and what can be asked of all of them. */
export function DockHeader({ isCollapsed, onToggle }: Props) {
  const jobs = useAllJobs();
  const totals = totalsOf(jobs);
  const { pauseAll, resumeAll, clearFinished } = useAllJobsActions();
  return (
    <header className={styles.header}>
      <h2>{say.title}</h2>
      <span className={styles.summary}>
        {jobs.length === 0 ? (
          <>
            {say.emptyTitle} <span className={styles.hint}>{say.emptyHint}</span>
          </>
        ) : (
          totals.summary
        )}
      </span>
      <span className={styles.speeds}>
        <Speed rate={totals.up} text={say.upSpeed} label={say.upSpeedLabel} />
        <Speed rate={totals.down} text={say.downSpeed} label={say.downSpeedLabel} />
      </span>
      {totals.canClear && (
        <Button size="small" onPress={clearFinished}>
          {say.clearFinished}
        </Button>
      )}
      {totals.canResume && (
        <Button size="small" onPress={resumeAll}>
          {say.resumeAll}
        </Button>
      )}
      {totals.canPause && (
        <Button size="small" onPress={pauseAll}>
          {say.pauseAll}
        </Button>
      )}
      {jobs.length > 0 && (
        <IconButton
          icon="forward"
          size="small"
          className={styles.chevron}
          aria-expanded={!isCollapsed}
          label={isCollapsed ? say.expand : say.collapse}
          onPress={onToggle}
        />
      )}
    </header>
  );
}

type SpeedProps = {
  rate: number;
  text: (rate: string) => string;
  label: (rate: string) => string;
};

function Speed({ rate, text, label }: SpeedProps) {
  if (rate <= 0) return null;
  const words = say.rate(formatBytes(rate));
  return (
    <span role="img" aria-label={label(words)}>
      {text(words)}
    </span>
  );
}
