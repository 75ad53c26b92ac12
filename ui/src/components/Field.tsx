import type { ReactNode, Ref } from "react";
import { FieldError, Input, Label, Text, TextField, type TextFieldProps } from "react-aria-components";
import { cx } from "../lib/cx";
import styles from "./Field.module.css";

type Props = Omit<TextFieldProps, "className" | "style" | "children"> & {
  label: string;
  /** Keeps the label for assistive technology only. */
  hideLabel?: boolean;
  hint?: ReactNode;
  /** What is wrong with the value; the text that was typed is kept. */
  error?: string | undefined;
  placeholder?: string;
  mono?: boolean;
  /** For secrets: leave `value` out and read (then clear) the element itself. */
  inputRef?: Ref<HTMLInputElement>;
  className?: string | undefined;
};

/** A line of text with its label, what it is for, and what is wrong with it. */
export function Field(props: Props) {
  const { label, hideLabel, hint, error, placeholder, mono, inputRef, className, ...rest } = props;
  return (
    <TextField {...rest} isInvalid={error !== undefined} className={cx(styles.field, className)}>
      <Label className={hideLabel ? "visually-hidden" : (styles.label ?? "")}>{label}</Label>
      <Input
        {...(inputRef ? { ref: inputRef } : {})}
        {...(placeholder === undefined ? {} : { placeholder })}
        className={cx(styles.input, mono && styles.mono)}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        autoComplete="off"
      />
      {hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </TextField>
  );
}
