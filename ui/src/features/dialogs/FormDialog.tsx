import { type ReactNode, useId } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { dialogStrings as say } from "../../strings/en/dialogs";
import styles from "./FormDialog.module.css";

type Props = {
  title: string;
  subtitle?: ReactNode;
  children: ReactNode;
  /** What goes ahead says what it does. */
  submitLabel: string;
  isPending?: boolean;
  isDisabled?: boolean;
  isDangerous?: boolean;
  /** A remark at the left of the buttons. */
  footnote?: ReactNode;
  /** Buttons between Cancel and the one that goes ahead. */
  extra?: ReactNode;
  width?: "narrow" | "medium" | "wide";
  onSubmit: () => void;
  onClose: () => void;
};

/** A dialog of fields: Enter goes ahead, Escape leaves, and nothing is sent twice. */
export function FormDialog(props: Props) {
  const { title, subtitle, children, submitLabel, footnote, extra, onClose, onSubmit } = props;
  const { isPending = false, isDisabled = false, isDangerous = false, width = "narrow" } = props;
  const form = useId();
  return (
    <Dialog
      isOpen
      title={title}
      subtitle={subtitle}
      footnote={footnote}
      width={width}
      isDismissable={false}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{say.cancel}</Button>
          {extra}
          <Button
            type="submit"
            form={form}
            variant={isDangerous ? "danger" : "primary"}
            isDisabled={isDisabled}
            // Disabled, it would lose the focus, and with it the keyboard.
            isPending={isPending}
          >
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isPending && !isDisabled) onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
