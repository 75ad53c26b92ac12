import { type RefObject, useEffect, useRef } from "react";
import type { Tab } from "./tab";

type Options = {
  tab: Tab;
  onAddress: () => void;
  filter: RefObject<HTMLInputElement | null>;
};

/** Keys that work wherever the focus is, except in a dialog. */
export function useWindowKeys(options: Options): void {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isInDialog(event.target)) return;
      const action = actionOf(event, latest.current);
      if (!action) return;
      event.preventDefault();
      action();
    };
    // On the way down: a text field keeps its own keys from rising.
    document.addEventListener("keydown", onKeyDown, true);
    return () => document.removeEventListener("keydown", onKeyDown, true);
  }, []);
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=dialog], [role=alertdialog]") !== null;
}

function actionOf(event: KeyboardEvent, { tab, onAddress, filter }: Options) {
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (control && !event.altKey && key === "l" && tab.place) return onAddress;
  if (control && !event.altKey && key === "f" && filter.current) {
    return () => {
      filter.current?.focus();
      filter.current?.select();
    };
  }
  if (key === "f5" || (control && key === "r")) return () => tab.refresh();
  if (event.altKey && key === "arrowleft") return () => tab.back();
  if (event.altKey && key === "arrowright") return () => tab.forward();
  return undefined;
}
