import type { JobWant } from "../../contract/types";
import { appErrorOf, host } from "../../host/host";
import { notify } from "../../state/notices";

/** What can be asked of one job. A refusal is shown as a notice; the job stays as it is. */
export function useJobActions(id: string) {
  const want = (wanted: JobWant) => void orSay(host().call("job_want", { id, want: wanted }));
  return { pause: () => want("pause"), resume: () => want("run"), cancel: () => want("cancel") };
}

/** What can be asked of all jobs. */
export function useAllJobsActions() {
  const want = (wanted: JobWant) => void orSay(host().call("jobs_want_all", { want: wanted }));
  return {
    pauseAll: () => want("pause"),
    resumeAll: () => want("run"),
    clearFinished: () => void orSay(host().call("jobs_forget_ended", {})),
  };
}

async function orSay(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    const error = appErrorOf(thrown);
    notify({ tone: "bad", text: error.message, detail: error.advice ?? undefined });
  }
}
