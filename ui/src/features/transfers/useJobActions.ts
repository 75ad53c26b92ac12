import type { Job, JobWant } from "../../contract/types";
import { appErrorOf, host } from "../../host/host";
import { wordsOf } from "../../lib/failures";
import { notify } from "../../state/notices";
import { signIn } from "../../state/signIn";
import { transferStrings as say } from "../../strings/en/transfers";

/** What can be asked of one job. A refusal is shown as a notice; the job stays as it is. */
export function useJobActions({ id, session }: Job) {
  const want = (wanted: JobWant) => void orSay(() => host().call("job_want", { id, want: wanted }));
  return {
    pause: () => want("pause"),
    resume: () => want("run"),
    cancel: () => want("cancel"),
    /** Signs the session in; the job then goes on by itself, with the parts that were kept. */
    signIn: () => void signIn(session),
  };
}

/** What can be asked of all jobs. */
export function useAllJobsActions() {
  const want = (wanted: JobWant) =>
    void orSay(() => host().call("jobs_want_all", { want: wanted }));
  return {
    pauseAll: () => want("pause"),
    resumeAll: () => want("run"),
    clearFinished: () => void orSay(() => host().call("jobs_forget_ended", {})),
  };
}

async function orSay(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = appErrorOf(thrown);
    notify({ tone: "bad", text: say.notAsked, detail: wordsOf(error) });
  }
}
