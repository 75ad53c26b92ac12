import { cx } from "../lib/cx";
import styles from "./MiddleCut.module.css";

type Props = { text: string; className?: string | undefined };

/** Characters at the end that stay: enough for a name with its extension, or a last folder. */
const TAIL = 16;

/** A text of one line that gives up its middle where it is too long, since both ends tell it apart. */
export function MiddleCut({ text, className }: Props) {
  const characters = Array.from(text);
  const at = characters.length > 2 * TAIL ? characters.length - TAIL : characters.length;
  return (
    <span className={cx(styles.cut, className)}>
      <span className={styles.head}>{characters.slice(0, at).join("")}</span>
      {at < characters.length && (
        <span className={styles.tail}>{characters.slice(at).join("")}</span>
      )}
    </span>
  );
}
