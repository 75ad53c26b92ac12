import { Field } from "../../components/Field";
import { Select } from "../../components/Select";
import { useSessions } from "../../state/sessions";
import { connectionStrings as say } from "../../strings/en/connection";
import styles from "./ConnectionDialog.module.css";
import { SecretField } from "./SecretField";
import type { Connection } from "./useConnection";
import { useMemoryOnly } from "./useMemoryOnly";

type Props = { connection: Connection };

/** What the chosen source needs. */
export function SourceFields({ connection, asksForSecret }: Props & { asksForSecret: boolean }) {
  switch (connection.form.source) {
    case "keys":
      return <KeyFields connection={connection} asksForSecret={asksForSecret} />;
    case "profile":
      return <ProfileField connection={connection} />;
    case "environment":
      return <EnvironmentNote />;
    case "anonymous":
      return <p className="dim">{say.anonymousText}</p>;
  }
}

function KeyFields({ connection, asksForSecret }: Props & { asksForSecret: boolean }) {
  const { form, change, problems, secrets, noteSecretEdit } = connection;
  const memoryOnly = useMemoryOnly();
  return (
    <>
      <div className={styles.halves}>
        <Field
          label={say.accessKeyId}
          value={form.accessKeyId}
          mono
          error={problems.accessKeyId}
          onChange={(accessKeyId) => change({ accessKeyId })}
        />
        <SecretField
          label={say.secret}
          inputRef={secrets.secretRef}
          autoFocus={asksForSecret}
          placeholder={secretPlaceholder(connection)}
          error={problems.secret}
          onEdit={noteSecretEdit}
        />
      </div>
      <p className={memoryOnly === true ? styles.warn : styles.hint} aria-live="polite">
        {memoryOnly === undefined ? "\u00a0" : memoryOnly ? say.memoryOnly : say.keptInKeychain}
      </p>
    </>
  );
}

/** What is true of the secret that the field would replace. */
function secretPlaceholder({ edited, isKept }: Connection): string {
  if (edited?.needsSecret) return say.secretGone;
  if (!isKept) return "";
  return edited?.memoryOnly ? say.secretInMemory : say.secretKept;
}

function ProfileField({ connection: { form, change, problems } }: Props) {
  const profiles = useSessions().flatMap(({ source, saved, problem }) =>
    source.kind === "profile" && !saved ? [{ name: source.name, problem }] : [],
  );
  if (profiles.length === 0) return <p className="dim">{say.profileNone}</p>;
  const chosen = profiles.find(({ name }) => name === form.profile);
  const choices = profiles.map(({ name, problem }) => ({
    id: name,
    label: problem === null ? name : say.profileWithProblem(name),
  }));
  return (
    <div>
      <Select
        label={say.profile}
        choices={[{ id: "", label: say.profileChoose }, ...choices]}
        value={form.profile}
        onChange={(profile) => change({ profile })}
      />
      {chosen?.problem != null && <p className={styles.warn}>{chosen.problem}</p>}
      {problems.profile !== undefined && <p className={styles.bad}>{problems.profile}</p>}
    </div>
  );
}

function EnvironmentNote() {
  const found = useSessions().find(({ source, saved }) => source.kind === "environment" && !saved);
  if (found === undefined) return <p className={styles.warn}>{say.environmentNone}</p>;
  return <p className="dim">{found.problem ?? say.environmentText}</p>;
}
