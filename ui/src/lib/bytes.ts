/** Sizes in words: decimal units, as disks, networks and bills count. */

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB", "EB"] as const;

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `0 B`, `412 KB`, `6.9 GB`: one digit after the point below 100, none from there on or in bytes. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 and more would round to 1,000 of a unit, which the next one says better.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 || Number.isInteger(value) ? whole : tenth;
  return `${digits.format(value)} ${UNITS[unit] ?? ""}`;
}

/** `1,204,118 bytes`, for where the exact size matters. */
export function formatExactBytes(bytes: number): string {
  return bytes === 1 ? "1 byte" : `${whole.format(bytes)} bytes`;
}
