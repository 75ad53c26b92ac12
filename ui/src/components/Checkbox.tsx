import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox, type CheckboxProps } from "react-aria-components";
import styles from "./Checkbox.module.css";
import { Icon } from "./Icon";

type Props = Omit<CheckboxProps, "className" | "style" | "children"> & { children: ReactNode };

/** A box to tick, with its label. */
export function Checkbox({ children, ...rest }: Props) {
  return (
    <AriaCheckbox {...rest} className={styles.checkbox ?? ""}>
      <span className={styles.box}>
        <Icon name="check" size={11} />
      </span>
      {children}
    </AriaCheckbox>
  );
}
