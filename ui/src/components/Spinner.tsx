import styles from "./Spinner.module.css";

type Props = { label: string; size?: number };

/** Says that something is on its way; `label` is for assistive technology. */
export function Spinner({ label, size = 14 }: Props) {
  return (
    <svg
      className={styles.spinner}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role="img"
      aria-label={label}
    >
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 1.800a6.200 6.200 0 0 1 6.200 6.200" />
    </svg>
  );
}
