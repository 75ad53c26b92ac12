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
  return (
    <section
      className={cx(styles.dock, dock.isCollapsed && styles.collapsed)}
      style={{ height: dock.isCollapsed ? 33 : dock.height }}
      aria-label={say.title}
    >
      {!dock.isCollapsed && (
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
      {!dock.isCollapsed && (
        <div className={styles.scroller}>
          {ids.length === 0 ? (
            <DockEmpty />
          ) : (
            <ul className={styles.jobs} aria-label={say.list}>
              {ids.slice(0, rows).map((id) => (
                <JobRow key={id} id={id} />
              ))}
            </ul>
          )}
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

function DockEmpty() {
  return (
    <div className={styles.empty}>
      <span className="dim">{say.emptyTitle}</span>
      <span className="dimmer">{say.emptyHint}</span>
    </div>
  );
}
