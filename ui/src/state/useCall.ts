/** A call to the engine as a dialog sees it: under way, failed, or answered. */

import { useRef, useState } from "react";
import type { AppError } from "../contract/types";
import { appErrorOf } from "../host/host";

export type Call = {
  isPending: boolean;
  error: AppError | undefined;
  /** Runs the call; undefined when it failed or another one was begun meanwhile. */
  run: <T>(call: () => Promise<T>) => Promise<T | undefined>;
  clear: () => void;
};

/** One call at a time; the newest one counts. */
export function useCall(): Call {
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError>();
  const newest = useRef(0);
  const run = async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    const turn = ++newest.current;
    setPending(true);
    setError(undefined);
    try {
      const answer = await call();
      return turn === newest.current ? answer : undefined;
    } catch (thrown) {
      if (turn === newest.current) setError(appErrorOf(thrown));
      return undefined;
    } finally {
      if (turn === newest.current) setPending(false);
    }
  };
  const clear = () => setError(undefined);
  return { isPending, error, run, clear };
}
