import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import type { Session } from "../../contract/types";
import { formatLeft } from "../../lib/time";
import { useNow } from "../../lib/useNow";
import { openDialog } from "../../state/dialogs";
import { askForSecret } from "../../state/signIn";
import { browserStrings as say } from "../../strings/en/browser";
import { sessionStrings } from "../../strings/en/sessions";
import styles from "./SessionBar.module.css";
import { chainOf, whereabouts } from "./sessionText";

/** A token of a chained role lasts an hour; the ring shows how much of one is left. */
const RING_MS = 3_600_000;
/** The ring's outline, 2π of its radius of 7, in its own units. */
const RING_LENGTH = 44;

/** Who acts: in its colour, with its account, its roles and what is left of its token. */
export function SessionBar({ session }: { session: Session }) {
  const chain = chainOf(session);
  return (
    <div className={styles.bar}>
      <span className={styles.chip}>
        <span className={styles.dot} />
        {session.name}
      </span>
      <span className={styles.where}>{whereabouts(session)}</span>
      <ol className={styles.chain}>
        {chain.map((hop, at) => (
          // A role may be passed through twice; its place in the chain is what it is.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at} className={at > 0 && at === chain.length - 1 ? styles.role : undefined}>
            {hop}
          </li>
        ))}
      </ol>
      <span className={styles.grow} />
      {session.expires !== null && <TimeLeft expires={session.expires} />}
      <SecretNote session={session} />
      {session.readOnly && <Badge tone="accent">{say.readOnly}</Badge>}
      {session.saved && (
        <Button size="small" onPress={() => openDialog({ kind: "connection", session })}>
          {say.switchSession}
        </Button>
      )}
    </div>
  );
}

/** Where the secret is, when it is not where it lasts; and the way to enter it again. */
function SecretNote({ session }: { session: Session }) {
  if (session.needsSecret) {
    return (
      <>
        <Badge tone="warn" title={sessionStrings.needsSecretHint}>
          {sessionStrings.needsSecret}
        </Badge>
        <Button size="small" variant="primary" onPress={() => askForSecret(session)}>
          {sessionStrings.enterSecret}
        </Button>
      </>
    );
  }
  if (!session.memoryOnly) return null;
  return (
    <Badge tone="warn" title={sessionStrings.memoryOnlyHint}>
      {sessionStrings.memoryOnly}
    </Badge>
  );
}

function TimeLeft({ expires }: { expires: number }) {
  const left = expires - useNow(true);
  if (left <= 0) return <Badge tone="bad">{say.expired}</Badge>;
  const arc = Math.min(1, left / RING_MS) * RING_LENGTH;
  return (
    <>
      <svg className={styles.ring} viewBox="0 0 18 18" aria-hidden="true">
        <circle cx="9" cy="9" r="7" className={styles.track} />
        <circle cx="9" cy="9" r="7" className={styles.arc} strokeDasharray={`${arc} ${RING_LENGTH}`} />
      </svg>
      <span className={styles.left}>{say.left(formatLeft(left))}</span>
    </>
  );
}
