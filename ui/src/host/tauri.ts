/** The host inside the window: two Tauri commands, `call` and `subscribe`. */

import { Channel, invoke } from "@tauri-apps/api/core";
import { type Args, appErrorOf, type Host, HostError, type Reply } from "./host";

/** Whether the page runs inside the window. */
export function isInWindow(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

/** A host that speaks to the shell around the page. */
export function tauriHost(): Host {
  return {
    async call<K extends Parameters<Host["call"]>[0]>(name: K, args: Args<K>): Promise<Reply<K>> {
      try {
        return await invoke<Reply<K>>("call", { name, args });
      } catch (thrown) {
        throw new HostError(appErrorOf(thrown));
      }
    },
    subscribe(topic, onMessage) {
      const channel = new Channel<Parameters<typeof onMessage>[0]>();
      channel.onmessage = onMessage;
      let id: string | undefined;
      let ended = false;
      const end = () => {
        if (id !== undefined) void invoke("unsubscribe", { id });
      };
      invoke<string>("subscribe", { topic, args: {}, channel })
        .then((answered) => {
          id = answered;
          if (ended) end();
        })
        .catch((thrown: unknown) => {
          // Nothing can be shown of a topic that never began; the shell logs why.
          console.error(`The topic ${topic} did not begin`, thrown);
        });
      return () => {
        ended = true;
        channel.onmessage = () => undefined;
        end();
      };
    },
  };
}
