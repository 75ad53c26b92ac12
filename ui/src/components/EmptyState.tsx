import type { ReactNode } from "react";
import { cx } from "../lib/cx";
import styles from "./EmptyState.module.css";
import { Icon, type IconName } from "./Icon";

type Props = {
  icon: IconName;
  title: string;
  children?: ReactNode;
  /** Buttons that lead on. */
  actions?: ReactNode;
  tone?: "neutral" | "bad" | "warn";
};

/** What fills a view that has nothing to show, and what can be done about it. */
export function EmptyState({ icon, title, children, actions, tone = "neutral" }: Props) {
  return (
    <div className={styles.state}>
      <span className={cx(styles.icon, styles[tone])}>
        <Icon name={icon} size={22} />
      </span>
      <h2 className={styles.title}>{title}</h2>
      {children !== undefined && <div className={styles.text}>{children}</div>}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
