/** Gives the keyboard to the rows, when there are any. */
export function focusGrid(): void {
  document.querySelector<HTMLElement>("[role=grid]")?.focus();
}
