/** Light or dark: as the system has it until a person chooses otherwise. */

import { createStore, useStore } from "./store";

export type ThemeChoice = "system" | "light" | "dark";

/** Where the choice is remembered. */
const KEY = "longshore.theme";

function remembered(): ThemeChoice {
  try {
    const text = localStorage.getItem(KEY);
    return text === "light" || text === "dark" ? text : "system";
  } catch {
    // Storage may be turned off; the system's choice is then as good as any.
    return "system";
  }
}

const choice = createStore<ThemeChoice>("system");

function systemIsDark(): boolean {
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function apply(): void {
  const chosen = choice.get();
  const theme = chosen === "system" ? (systemIsDark() ? "dark" : "light") : chosen;
  document.documentElement.dataset["theme"] = theme;
}

/** Applies the remembered choice and follows the system while there is none. */
export function startTheme(): void {
  choice.set(remembered());
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  choice.watch(apply);
  apply();
}

/** Chooses and remembers. */
export function chooseTheme(next: ThemeChoice): void {
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // It holds for this run at least.
  }
  choice.set(next);
}

/** What is chosen. */
export function useThemeChoice(): ThemeChoice {
  return useStore(choice);
}
