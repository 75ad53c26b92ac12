import { partsOfKey } from "../lib/keys";
import styles from "./KeyText.module.css";

type Props = { text: string };

/** A key or a part of one, with what cannot be shown as visible escapes. */
export function KeyText({ text }: Props) {
  // Isolated, so that right-to-left names do not reorder what stands beside them.
  return (
    <bdi>
      {partsOfKey(text).map((part, at) =>
        part.escaped ? (
          // The parts of one text never change places.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={at} className={styles.escape}>
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}
