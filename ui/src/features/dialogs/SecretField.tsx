import { type ReactNode, type RefObject, useEffect, useId } from "react";
import styles from "../../components/Field.module.css";
import { cx } from "../../lib/cx";

type Props = {
  label: string;
  inputRef: RefObject<HTMLInputElement | null>;
  /** Says that something was typed, and not what. */
  onEdit: () => void;
  placeholder?: string;
  /** Whether the dialog begins here. */
  autoFocus?: boolean;
  hint?: ReactNode;
  error?: string | undefined;
};

/**
 * A field for a secret. It is a plain element, since the kit's fields keep what is typed in their
 * state: here only the element itself holds it, until it is read and cleared.
 */
export function SecretField(props: Props) {
  const { label, inputRef, onEdit, placeholder = "", autoFocus = false, hint, error } = props;
  const id = useId();
  useEffect(() => {
    if (autoFocus) inputRef.current?.focus();
  }, [autoFocus, inputRef]);
  const said = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`];
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        ref={inputRef}
        id={id}
        type="password"
        className={cx(styles.input, styles.mono)}
        placeholder={placeholder}
        aria-invalid={error !== undefined}
        aria-describedby={cx(...said) || undefined}
        data-invalid={error === undefined ? undefined : true}
        onInput={onEdit}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        autoComplete="off"
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} className={styles.hint}>
          {hint}
        </span>
      )}
      {error !== undefined && (
        <span id={`${id}-error`} className={styles.error}>
          {error}
        </span>
      )}
    </div>
  );
}
