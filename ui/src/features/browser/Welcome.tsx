import type { CSSProperties } from "react";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { listBuckets, useBuckets } from "../../state/buckets";
import { openDialog } from "../../state/dialogs";
import { useSessions, useSessionsKnown } from "../../state/sessions";
import type { Session } from "../../contract/types";
import { browserStrings as say } from "../../strings/en/browser";
import { needsSignIn } from "./failure";
import { FailureState } from "./FailureState";
import { askForNewBucket } from "./newBucket";
import { openByName } from "./openByName";
import type { Tab } from "./tab";
import styles from "./Welcome.module.css";

/** Sessions that are offered; more are in the sidebar. */
const OFFERED = 6;

/** What is shown before any session is chosen: how to connect, and what was found. */
export function Welcome({ tab }: { tab: Tab }) {
  const sessions = useSessions();
  const isKnown = useSessionsKnown();
  const choose = (id: string) => tab.go({ session: id, bucket: null, prefix: "" });
  const samples = sessions.find(({ source }) => source.kind === "playground");
  if (!isKnown) return null;
  return (
    <EmptyState
      icon="bucket"
      title={say.welcomeTitle}
      actions={
        <Button
          variant="primary"
          onPress={() => openDialog({ kind: "connection", onSaved: choose })}
        >
          {say.connect}
        </Button>
      }
    >
      <p>{say.welcomeText}</p>
      {sessions.length === 0 ? (
        <p>{say.welcomeNone}</p>
      ) : (
        <section className={styles.found}>
          <h3 className={styles.foundTitle}>{say.welcomeFound}</h3>
          <div className={styles.sessions}>
            {sessions.slice(0, OFFERED).map((session) => (
              <Button key={session.id} onPress={() => choose(session.id)}>
                <span className={`roled ${styles.name}`} style={{ "--role": session.colour } as CSSProperties}>
                  <span className={styles.dot} />
                  {session.name}
                </span>
              </Button>
            ))}
          </div>
          {samples && <p className={styles.samples}>{say.welcomeSamples(samples.name)}</p>}
        </section>
      )}
    </EmptyState>
  );
}

/** What is shown of a session before one of its buckets is chosen. */
export function NoBucket({ tab, session }: { tab: Tab; session: Session }) {
  const { buckets, error, isLoading } = useBuckets(session.id);
  const open = <Button onPress={() => openByName(tab, session.id)}>{say.openBucket}</Button>;
  if (error) {
    return (
      <FailureState
        error={error}
        {...(needsSignIn(error)
          ? {}
          : { title: error.code === "denied" ? say.bucketsDeniedTitle : say.bucketsFailed })}
        session={session.id}
        onRetry={() => void listBuckets(session.id)}
        actions={open}
      />
    );
  }
  const isEmpty = buckets.length === 0 && !isLoading;
  return (
    <EmptyState
      icon="bucket"
      title={isEmpty ? say.noBucketsTitle : say.noBucketTitle}
      actions={
        <>
          <Button isDisabled={session.readOnly} onPress={() => askForNewBucket(tab, session.id)}>
            {say.createBucket}
          </Button>
          {open}
        </>
      }
    >
      {isEmpty ? say.noBucketsText : say.noBucketText}
    </EmptyState>
  );
}
