import type { ReactNode } from "react";
import { cx } from "../lib/cx";
import styles from "./Badge.module.css";

export type Tone = "neutral" | "good" | "warn" | "bad" | "accent";

type Props = { tone?: Tone; children: ReactNode; title?: string | undefined };

/** A word or two that qualify what they stand beside. */
export function Badge({ tone = "neutral", children, title }: Props) {
  return (
    <span className={cx(styles.badge, styles[tone])} title={title}>
      {children}
    </span>
  );
}
