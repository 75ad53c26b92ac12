import type { ReactNode } from "react";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { detailsOf } from "../../components/errorDetails";
import type { AppError, Session } from "../../contract/types";
import { showKey } from "../../lib/keys";
import { openDialog } from "../../state/dialogs";
import { useSession } from "../../state/sessions";
import { askForSecret, signIn } from "../../state/signIn";
import { browserStrings as say } from "../../strings/en/browser";
import { sessionStrings } from "../../strings/en/sessions";
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
  const isWaiting = view?.needsSecret === true;
  return (
    <EmptyState
      icon={isWaiting ? "key" : known.icon}
      tone={isWaiting || error.code === "denied" ? "warn" : "bad"}
      title={isWaiting ? sessionStrings.needsSecret : (title ?? known.title)}
      actions={
        <>
          {view?.needsSecret ? (
            <Button variant="primary" onPress={() => askForSecret(view)}>
              {sessionStrings.enterSecret}
            </Button>
          ) : (
            <WaysOn error={error} session={session} view={view} onRetry={onRetry} />
          )}
          {!isWaiting && actions}
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

type WaysProps = {
  error: AppError;
  session: string;
  view: Session | undefined;
  onRetry: () => void;
};

function WaysOn({ error, session, view, onRetry }: WaysProps) {
  return (
    <>
      <Button variant="primary" onPress={onRetry}>
        {say.retry}
      </Button>
      {needsSignIn(error) && (
        <Button onPress={() => void signIn(session, onRetry)}>{sessionStrings.signIn}</Button>
      )}
      {view?.saved && (
        <Button onPress={() => openDialog({ kind: "connection", session: view })}>
          {say.switchSession}
        </Button>
      )}
    </>
  );
}
