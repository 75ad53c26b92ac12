import type { ReactNode } from "react";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { detailsOf } from "../../components/errorDetails";
import type { AppError, Session } from "../../contract/types";
import { appErrorOf, host } from "../../host/host";
import { showKey } from "../../lib/keys";
import { openDialog } from "../../state/dialogs";
import { notify } from "../../state/notices";
import { useSession } from "../../state/sessions";
import { browserStrings as say } from "../../strings/en/browser";
import { copyAndSay } from "./actions";
import { needsSignIn, titleOfFailure } from "./failure";

type Props = {
  error: AppError;
  title?: string;
  session: string;
  onRetry: () => void;
  /** Other ways on. */
  actions?: ReactNode;
};

/** What went wrong, what can be done, and what to tell whoever runs the server. */
export function FailureState({ error, title, session, onRetry, actions }: Props) {
  const known = titleOfFailure(error.code);
  const view = useSession(session);
  return (
    <EmptyState
      icon={known.icon}
      tone={error.code === "denied" ? "warn" : "bad"}
      title={title ?? known.title}
      actions={
        <>
          <Button variant="primary" onPress={onRetry}>
            {say.retry}
          </Button>
          {needsSignIn(error) && (
            <Button onPress={() => void renew(session, onRetry)}>{say.renewSession}</Button>
          )}
          {view?.saved && <EditButton session={view} />}
          {actions}
          <Button onPress={() => void copyAndSay(detailsOf(error))}>{say.copyDetails}</Button>
        </>
      }
    >
      <div role="alert" data-selectable>
        <p>{showKey(error.message)}</p>
        {error.advice && <p>{showKey(error.advice)}</p>}
        {error.requestId && <p className="mono">{say.requestId(error.requestId)}</p>}
      </div>
    </EmptyState>
  );
}

function EditButton({ session }: { session: Session }) {
  return (
    <Button onPress={() => openDialog({ kind: "connection", session })}>{say.switchSession}</Button>
  );
}

async function renew(session: string, onRetry: () => void): Promise<void> {
  try {
    await host().call("session_renew", { id: session });
    onRetry();
  } catch (thrown) {
    const error = appErrorOf(thrown);
    notify({ tone: "bad", text: error.message, detail: error.advice ?? undefined });
  }
}
