import { useState } from "react";
import type { Session, SessionDraft } from "../../contract/types";
import { host } from "../../host/host";
import { sessions } from "../../state/sessions";
import { useCall } from "../../state/useCall";
import {
  type ConnectionForm,
  draftOf,
  emptyForm,
  type FieldProblems,
  fingerprint,
  formOf,
  freeColour,
  keepsSecret,
  problemsOf,
} from "./connectionDraft";
import { useSecrets } from "./useSecrets";
import { useTrial } from "./useTrial";

/** Everything the connection dialog shows and can do. */
export type Connection = ReturnType<typeof useConnection>;

/** The form's state and its calls. What is typed stays, whatever a test says of it. */
export function useConnection(edited: Session | undefined, onSaved: (id: string) => void) {
  const [form, setForm] = useState<ConnectionForm>(() =>
    edited ? formOf(edited) : emptyForm(freeColour(sessions.get())),
  );
  const [problems, setProblems] = useState<FieldProblems>({});
  const secrets = useSecrets();
  const trial = useTrial(fingerprint(form, secrets.edits));
  const saving = useCall();
  const isKept = keepsSecret(form, edited);

  const isSound = () => {
    const found = problemsOf(form, !isKept && !secrets.isTyped());
    setProblems(found);
    return Object.keys(found).length === 0;
  };
  const draft = (): SessionDraft => ({
    ...draftOf(form, edited?.id),
    ...(form.source === "keys" ? secrets.read() : {}),
  });
  const store = async () => {
    const saved = await saving.run(() => host().call("session_save", draft()));
    if (saved === undefined) return;
    secrets.clear();
    onSaved(saved.id);
  };

  return {
    form,
    edited,
    problems,
    isKept,
    secrets,
    tested: trial.tested,
    isTesting: trial.isTesting,
    isSaving: saving.isPending,
    saveError: saving.error,
    change: (part: Partial<ConnectionForm>) => {
      setForm({ ...form, ...part });
      setProblems({});
      saving.clear();
    },
    noteSecretEdit: () => {
      secrets.noteEdit();
      setProblems({});
    },
    test: async () => {
      if (isSound()) await trial.run(draft());
    },
    /** Saves what has passed its test; what has not is tested first. */
    save: async () => {
      if (!isSound()) return;
      if (trial.tested?.kind === "passed" || (await trial.run(draft()))) await store();
    },
    /** Saves without a passed test, for a server that cannot be reached now. */
    saveAnyway: async () => {
      if (isSound()) await store();
    },
  };
}
