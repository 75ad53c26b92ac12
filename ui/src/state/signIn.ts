/** Signing a session in again, and asking a person for what is missing. */

import type { AppError, Session } from "../contract/types";
import { appErrorOf, host } from "../host/host";
import { wordsOf } from "../lib/failures";
import { sessionStrings as say } from "../strings/en/sessions";
import { openDialog } from "./dialogs";
import { notify } from "./notices";
import { sessions } from "./sessions";

/**
 * Reads a session's credentials anew and goes on with `then`. Where its secret is missing, the
 * dialog asks for it instead; a locked keychain is waited for. What waits for the session goes on
 * by itself.
 */
export async function signIn(id: string, then: () => void = () => undefined): Promise<void> {
  const session = sessionOf(id);
  if (session?.needsSecret) return askForSecret(session);
  try {
    await renew(id);
    then();
  } catch (thrown) {
    takeRefusal(id, appErrorOf(thrown), then);
  }
}

/** Asks for the secret of a saved session, and for nothing else that it has. */
export function askForSecret(session: Session): void {
  openDialog({ kind: "connection", session, asksForSecret: true });
}

function takeRefusal(id: string, error: AppError, then: () => void): void {
  const session = sessionOf(id);
  if (error.code === "keychainLocked") {
    openDialog({
      kind: "keychain",
      reason: error.message,
      onRetry: async () => {
        await renew(id);
        then();
      },
    });
  } else if (error.code === "needsSignIn" && session?.saved && session.source.kind === "keychain") {
    askForSecret(session);
  } else {
    notify({ tone: "bad", text: say.notSignedIn(session?.name ?? id), detail: wordsOf(error) });
  }
}

async function renew(id: string): Promise<void> {
  await host().call("session_renew", { id });
}

function sessionOf(id: string): Session | undefined {
  return sessions.get().find((known) => known.id === id);
}
