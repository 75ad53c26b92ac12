import type { Job, JobWant } from "../../contract/types";
import { appErrorOf, host } from "../../host/host";
import { wordsOf } from "../../lib/failures";
import { openDialog } from "../../state/dialogs";
import { notify } from "../../state/notices";
import { transferStrings as say } from "../../strings/en/transfers";

/** What can be asked of one job. A refusal is shown as a notice; the job stays as it is. */
export function useJobActions({ id, session }: Job) {
  const want = (wanted: JobWant) => void orSay(() => host().call("job_want", { id, want: wanted }));
  return {
    pause: () => want("pause"),
    resume: () => want("run"),
    cancel: () => want("cancel"),
    /** Renews the session's credentials, then goes on with the parts that were kept. */
    signIn: () =>
      void orSay(async () => {
        await renew(session);
        await host().call("job_want", { id, want: "run" });
      }),
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

/** A locked keychain is unlocked by the person outside of the window; the dialog waits for it. */
async function renew(session: string): Promise<void> {
  try {
    await host().call("session_renew", { id: session });
  } catch (thrown) {
    const error = appErrorOf(thrown);
    if (error.code !== "keychainLocked") throw thrown;
    await new Promise<void>((resolve) => {
      openDialog({
        kind: "keychain",
        reason: error.message,
        onRetry: async () => {
          await host().call("session_renew", { id: session });
          resolve();
        },
      });
    });
  }
}

async function orSay(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = appErrorOf(thrown);
    notify({ tone: "bad", text: say.notAsked, detail: wordsOf(error) });
  }
}
