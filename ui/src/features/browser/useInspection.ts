import { useEffect, useState } from "react";
import type { AppError, ObjectDetail } from "../../contract/types";
import { appErrorOf, host } from "../../host/host";

export type Inspection = {
  detail: ObjectDetail | undefined;
  error: AppError | undefined;
  retry: () => void;
};

/** Rows that are passed over with an arrow key held down are not asked about. */
const PAUSE_MS = 150;

type Answer = { about: string; detail?: ObjectDetail; error?: AppError };

/** What the server says about an object, asked when the choice has settled. */
export function useInspection(session: string, bucket: string, key: string, stamp: string): Inspection {
  const [answer, setAnswer] = useState<Answer>();
  const [turn, setTurn] = useState(0);
  const about = JSON.stringify([session, bucket, key, stamp, turn]);
  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(async () => {
      try {
        const detail = await host().call("object_inspect", { session, bucket, key });
        if (!isStale) setAnswer({ about, detail });
      } catch (thrown) {
        if (!isStale) setAnswer({ about, error: appErrorOf(thrown) });
      }
    }, PAUSE_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [session, bucket, key, about]);
  const isAnswered = answer?.about === about;
  return {
    detail: isAnswered ? answer.detail : undefined,
    error: isAnswered ? answer.error : undefined,
    retry: () => setTurn(turn + 1),
  };
}
