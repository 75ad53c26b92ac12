import { useEffect } from "react";
import { host } from "../host/host";
import { notify } from "../state/notices";

/** Says what the engine found at its start, such as a damaged database that was moved aside. */
export function useStartNotes(): void {
  useEffect(() => {
    let isGone = false;
    const ask = async () => {
      try {
        const { notes } = await host().call("app_info", {});
        if (isGone) return;
        for (const text of notes) notify({ tone: "bad", text });
      } catch {
        // Whatever keeps the engine from answering is said where its answer is missed.
      }
    };
    void ask();
    return () => {
      isGone = true;
    };
  }, []);
}
