/** The host inside the window: two Tauri commands, `call` and `subscribe`. */

import { Channel, invoke } from "@tauri-apps/api/core";
import { type Args, appErrorOf, type CommandName, type Host, HostError, type Reply } from "./host";

/** The page may be there before the engine is open; this is a moment later. */
const AGAIN_MS = 300;

/** Whether the page runs inside the window. */
export function isInWindow(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

/** A host that speaks to the shell around the page. */
export function tauriHost(): Host {
  return {
    async call<K extends CommandName>(name: K, args: Args<K>): Promise<Reply<K>> {
      try {
        return await invoke<Reply<K>>("call", { name, args });
      } catch (thrown) {
        throw new HostError(appErrorOf(thrown));
      }
    },
    subscribe(topic, onMessage) {
      let id: string | undefined;
      let isEnded = false;
      const unsubscribe = () => {
        if (id !== undefined) void invoke("call", { name: "unsubscribe", args: { id } });
      };
      const begin = async () => {
        const channel = new Channel<Parameters<typeof onMessage>[0]>();
        channel.onmessage = (message) => {
          if (!isEnded) onMessage(message);
        };
        try {
          id = await invoke<string>("subscribe", { topic, args: {}, channel });
          if (isEnded) unsubscribe();
        } catch {
          if (!isEnded) setTimeout(() => void begin(), AGAIN_MS);
        }
      };
      void begin();
      return () => {
        isEnded = true;
        unsubscribe();
      };
    },
  };
}
