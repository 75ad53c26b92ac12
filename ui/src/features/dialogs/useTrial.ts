import { useState } from "react";
import type { AppError, SessionDraft, SessionTest } from "../../contract/types";
import { appErrorOf, host } from "../../host/host";

/** How the last test went, and of which state of the form. */
export type Tested =
  | { kind: "passed"; of: string; test: SessionTest }
  | { kind: "failed"; of: string; error: AppError };

/** The test of a draft. It counts for the state of the form `of` that was tested, and no other. */
export function useTrial(of: string) {
  const [tested, setTested] = useState<Tested>();
  const [isTesting, setTesting] = useState(false);
  return {
    tested: tested?.of === of ? tested : undefined,
    isTesting,
    /** Asks the server; whether it works. */
    run: async (draft: SessionDraft): Promise<boolean> => {
      setTesting(true);
      try {
        setTested({ kind: "passed", of, test: await host().call("session_test", draft) });
        return true;
      } catch (thrown) {
        setTested({ kind: "failed", of, error: appErrorOf(thrown) });
        return false;
      } finally {
        setTesting(false);
      }
    },
  };
}
