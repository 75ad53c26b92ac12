import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { showKey } from "../../lib/keys";
import { dialogStrings as say } from "../../strings/en/dialogs";
import styles from "./ReportDialog.module.css";

type Props = { title: string; text?: string | undefined; lines: string[]; onClose: () => void };

/** Lines that are drawn; a report of thousands is read in the job's items. */
const LINES = 500;

/** One report of everything that could not be taken, instead of a message for each. */
export function ReportDialog({ title, text, lines, onClose }: Props) {
  return (
    <Dialog
      isOpen
      title={title}
      subtitle={text}
      onClose={onClose}
      actions={
        <Button variant="primary" autoFocus onPress={onClose}>
          {say.close}
        </Button>
      }
    >
      <ul className={styles.lines} aria-label={title}>
        {lines.slice(0, LINES).map((line) => (
          <li key={line} data-selectable>
            {showKey(line)}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
