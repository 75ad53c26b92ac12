import { type RefObject, useRef, useState } from "react";
import type { AppError, Session, SessionDraft, SessionTest } from "../../contract/types";
import { appErrorOf, host } from "../../host/host";
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

/** How the last test went, and of which state of the form. */
export type Tested =
  | { kind: "passed"; of: string; test: SessionTest }
  | { kind: "failed"; of: string; error: AppError };

/** Everything the connection dialog shows and can do. */
export type Connection = ReturnType<typeof useConnection>;

/**
 * The form's state and its calls. Secrets are read from their elements when a draft leaves and are
 * cleared once it was saved; a counter of edits stands for them in the state.
 */
export function useConnection(edited: Session | undefined, onSaved: (id: string) => void) {
  const [form, setForm] = useState<ConnectionForm>(() =>
    edited ? formOf(edited) : emptyForm(freeColour(sessions.get())),
  );
  const [problems, setProblems] = useState<FieldProblems>({});
  const [secretEdits, setSecretEdits] = useState(0);
  const [tested, setTested] = useState<Tested>();
  const [isTesting, setTesting] = useState(false);
  const saving = useCall();
  const secretRef = useRef<HTMLInputElement>(null);
  const tokenRef = useRef<HTMLInputElement>(null);
  const of = fingerprint(form, secretEdits);
  const fresh = tested?.of === of ? tested : undefined;
  const isKept = keepsSecret(form, edited);

  const change = (part: Partial<ConnectionForm>) => {
    setForm({ ...form, ...part });
    setProblems({});
    saving.clear();
  };

  const isSound = () => {
    const needsSecret = !isKept && (secretRef.current?.value ?? "") === "";
    const found = problemsOf(form, needsSecret);
    setProblems(found);
    return Object.keys(found).length === 0;
  };

  const draft = (): SessionDraft => ({
    ...draftOf(form, edited?.id),
    ...(form.source === "keys" ? secretsIn(secretRef, tokenRef) : {}),
  });

  const runTest = async (): Promise<boolean> => {
    setTesting(true);
    try {
      setTested({ kind: "passed", of, test: await host().call("session_test", draft()) });
      return true;
    } catch (thrown) {
      setTested({ kind: "failed", of, error: appErrorOf(thrown) });
      return false;
    } finally {
      setTesting(false);
    }
  };

  const store = async () => {
    const saved = await saving.run(() => host().call("session_save", draft()));
    if (saved === undefined) return;
    for (const ref of [secretRef, tokenRef]) if (ref.current) ref.current.value = "";
    onSaved(saved.id);
  };

  return {
    form,
    change,
    problems,
    isKept,
    secretRef,
    tokenRef,
    noteSecretEdit: () => {
      setSecretEdits(secretEdits + 1);
      setProblems({});
    },
    tested: fresh,
    isTesting,
    isSaving: saving.isPending,
    saveError: saving.error,
    test: async () => {
      if (isSound()) await runTest();
    },
    /** Saves what has passed its test; what has not is tested first. */
    save: async () => {
      if (!isSound()) return;
      if (fresh?.kind === "passed" || (await runTest())) await store();
    },
    /** Saves without a passed test, for a server that cannot be reached now. */
    saveAnyway: async () => {
      if (isSound()) await store();
    },
  };
}

type InputRef = RefObject<HTMLInputElement | null>;

function secretsIn(secret: InputRef, token: InputRef): Partial<SessionDraft> {
  const typed = { secret: secret.current?.value ?? "", sessionToken: token.current?.value ?? "" };
  return {
    ...(typed.secret === "" ? {} : { secret: typed.secret }),
    ...(typed.sessionToken === "" ? {} : { sessionToken: typed.sessionToken }),
  };
}
