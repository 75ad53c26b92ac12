import { useEffect, useState } from "react";
import type { Job, JobItem } from "../../contract/types";
import { appErrorOf, host } from "../../host/host";

/** The first `len` items of a job, asked for anew when the job's counts or state change. */
export function useJobItems(job: Job, len: number) {
  const [answer, setAnswer] = useState<{ items?: JobItem[]; error?: string }>({});
  const { id, state, itemsDone, itemsFailed, itemsSkipped, items } = job;
  useEffect(() => {
    let isCurrent = true;
    host()
      .call("job_items", { id, start: 0, len })
      .then((got) => isCurrent && setAnswer({ items: got }))
      .catch((thrown: unknown) => isCurrent && setAnswer({ error: appErrorOf(thrown).message }));
    return () => {
      isCurrent = false;
    };
    // The counts are named for when they change: the items are another list then.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id, len, state, itemsDone, itemsFailed, itemsSkipped, items]);
  return { items: answer.items, error: answer.error };
}
