import { type ReactNode, type Ref, useId } from "react";
import styles from "../../components/Field.module.css";
import { cx } from "../../lib/cx";

type Props = {
  label: string;
  inputRef: Ref<HTMLInputElement>;
  /** Says that something was typed, and not what. */
  onEdit: () => void;
  placeholder?: string;
  hint?: ReactNode;
  error?: string | undefined;
};

/**
 * A field for a secret. It is a plain element, since the kit's fields keep what is typed in their
 * state: here only the element itself holds it, until it is read and cleared.
 */
export function SecretField({ label, inputRef, onEdit, placeholder = "", hint, error }: Props) {
  const id = useId();
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
