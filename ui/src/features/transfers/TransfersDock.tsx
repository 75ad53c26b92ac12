import { useState } from "react";
import { Button } from "../../components/Button";
import { cx } from "../../lib/cx";
import { useJobIds } from "../../state/jobs";
import { grouped } from "../../strings/en/counted";
import { transferStrings as say } from "../../strings/en/transfers";
import { DockHeader } from "./DockHeader";
import { EndsAnnouncer } from "./EndsAnnouncer";
import { JobRow } from "./JobRow";
import styles from "./TransfersDock.module.css";
import { useDockSize } from "./useDockSize";

/** Rows that are drawn at once; a web view slows down at thousands, and nobody reads them. */
const ROWS = 100;

/** All transfers: what runs, what waits, what has ended and how. */
export function TransfersDock() {
  const ids = useJobIds();
  const dock = useDockSize();
  const [rows, setRows] = useState(ROWS);
  const hidden = ids.length - rows;
  // Without a job there is nothing to make room for.
  const isSlim = dock.isCollapsed || ids.length === 0;
  return (
    <section
      className={cx(styles.dock, isSlim && styles.collapsed)}
      style={{ height: isSlim ? 33 : dock.height }}
      aria-label={say.title}
    >
      {!isSlim && (
        // A window splitter is a separator that takes the focus; the rule knows static ones only.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div
          className={styles.splitter}
          role="separator"
          tabIndex={0}
          aria-label={say.resize}
          aria-orientation="horizontal"
          {...dock.splitter}
        />
      )}
      <DockHeader isCollapsed={dock.isCollapsed} onToggle={dock.toggle} />
      {!isSlim && (
        <div className={styles.scroller}>
          <ul className={styles.jobs} aria-label={say.list}>
            {ids.slice(0, rows).map((id) => (
              <JobRow key={id} id={id} />
            ))}
          </ul>
          {hidden > 0 && (
            <div className={styles.more}>
              <Button variant="link" onPress={() => setRows(rows + ROWS)}>
                {say.itemsMore(grouped(Math.min(ROWS, hidden)))}
              </Button>
            </div>
          )}
        </div>
      )}
      <EndsAnnouncer />
    </section>
  );
}
