/** Which host stands behind the page. */

import { bridgeHost, bridgeToken } from "./bridge";
import type { Host } from "./host";
import { isInWindow, tauriHost } from "./tauri";

/** The window's shell, the bridge that a token leads to, or in development a host in memory. */
export async function chooseHost(): Promise<Host> {
  if (isInWindow()) return tauriHost();
  const token = bridgeToken();
  if (token !== undefined) return bridgeHost(token);
  if (import.meta.env.DEV) {
    const { MemoryHost } = await import("./memory");
    return new MemoryHost();
  }
  throw new Error("Nothing stands behind this page: it is meant for the window of Longshore");
}
