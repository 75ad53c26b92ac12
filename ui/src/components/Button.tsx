import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components";
import { cx } from "../lib/cx";
import styles from "./Button.module.css";

type Props = Omit<ButtonProps, "className" | "style" | "children"> & {
  /** `primary` is used once a view; `link` looks like a text that leads on. */
  variant?: "default" | "primary" | "danger" | "quiet" | "link";
  size?: "small" | "medium";
  className?: string | undefined;
  children: ReactNode;
};

/** A button with a text. */
export function Button({ variant = "default", size = "medium", className, ...rest }: Props) {
  return (
    <AriaButton
      {...rest}
      className={cx(styles.button, styles[variant], size === "small" && styles.small, className)}
    />
  );
}
