import { Button as AriaButton, type ButtonProps } from "react-aria-components";
import { cx } from "../lib/cx";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon";
import { Tooltip } from "./Tooltip";

type Props = Omit<ButtonProps, "className" | "style" | "children" | "aria-label"> & {
  icon: IconName;
  /** Said by assistive technology and shown as a tooltip. */
  label: string;
  size?: "small" | "medium";
  className?: string | undefined;
};

/** A button of one icon; its tooltip says what it does. */
export function IconButton({ icon, label, size = "medium", className, ...rest }: Props) {
  return (
    <Tooltip text={label}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={cx(styles.button, styles.icon, size === "small" && styles.small, className)}
      >
        <Icon name={icon} size={size === "small" ? 13 : 15} />
      </AriaButton>
    </Tooltip>
  );
}
