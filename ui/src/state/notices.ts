/** Short messages over the window: what was done, what went wrong, what wants to be known. */

import { createStore, useStore } from "./store";

export type NoticeTone = "info" | "good" | "warn" | "bad";

export type Notice = {
  id: number;
  tone: NoticeTone;
  text: string;
  /** What to do, or more about it. */
  detail?: string | undefined;
  action?: { label: string; run: () => void } | undefined;
};

/** Long enough to read two lines; a bad one stays until it is closed. */
const SHOWN_MS = 8_000;

const notices = createStore<readonly Notice[]>([]);
let nextId = 1;

/** Shows a notice, in the place of one that says the same; answers its id. */
export function notify(notice: Omit<Notice, "id">): number {
  const id = nextId++;
  notices.update((shown) => [...shown.filter((other) => !saysSame(other, notice)), { ...notice, id }]);
  if (notice.tone !== "bad" && notice.action === undefined) {
    setTimeout(() => dismissNotice(id), SHOWN_MS);
  }
  return id;
}

function saysSame(a: Omit<Notice, "id">, b: Omit<Notice, "id">): boolean {
  return a.tone === b.tone && a.text === b.text && a.detail === b.detail;
}

/** Takes a notice away; nothing happens when it is gone already. */
export function dismissNotice(id: number): void {
  notices.update((shown) =>
    shown.some((notice) => notice.id === id) ? shown.filter((notice) => notice.id !== id) : shown,
  );
}

/** The notices that are shown, oldest first. */
export function useNotices(): readonly Notice[] {
  return useStore(notices);
}
