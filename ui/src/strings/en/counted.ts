/** Counts with their noun. */

const whole = new Intl.NumberFormat("en");

/** `1 file`, `1,204 files`. */
export function counted(n: number, one: string, other: string): string {
  return `${whole.format(n)} ${n === 1 ? one : other}`;
}

/** `1,204`. */
export function grouped(n: number): string {
  return whole.format(n);
}
