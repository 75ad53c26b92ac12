import { useState } from "react";
import { Field } from "../../components/Field";
import type { Target } from "../../contract/types";
import { host } from "../../host/host";
import { wordsOf } from "../../lib/failures";
import { prefixAbove, showKey, uriOf } from "../../lib/keys";
import { replaceDialog } from "../../state/dialogs";
import { useCall } from "../../state/useCall";
import { dialogStrings as say } from "../../strings/en/dialogs";
import { FormDialog } from "./FormDialog";
import { nameOfKey, newKeyProblem, renamed } from "./names";

type Props = {
  id: number;
  session: string;
  bucket: string;
  target: Target;
  onClose: () => void;
};

/** Asks for the new name, then leads to the plan of the move. */
export function RenameDialog({ id, session, bucket, target, onClose }: Props) {
  const oldKey = target.kind === "object" ? target.key : target.prefix;
  const [name, setName] = useState(nameOfKey(oldKey));
  const [problem, setProblem] = useState<string>();
  const call = useCall();
  const submit = async () => {
    const to = renamed(oldKey, name);
    const wrong = name === "" ? say.noName : newKeyProblem(to, oldKey);
    setProblem(wrong);
    if (wrong !== undefined) return;
    const plan = await call.run(() =>
      host().call("plan_move", { session, bucket, from: target, to }),
    );
    if (plan !== undefined) replaceDialog(id, { kind: "plan", plan });
  };
  return (
    <FormDialog
      title={say.rename(showKey(nameOfKey(oldKey)))}
      subtitle={say.inPlace(uriOf(bucket, prefixAbove(oldKey)))}
      submitLabel={call.isPending ? say.looking : say.renameNext}
      isPending={call.isPending}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field
        label={say.newName}
        value={name}
        autoFocus
        hint={say.renameHint}
        error={problem ?? (call.error && wordsOf(call.error))}
        onFocus={(event) => {
          if (event.target instanceof HTMLInputElement) selectStem(event.target);
        }}
        onChange={(next) => {
          setName(next);
          setProblem(undefined);
          call.clear();
        }}
      />
    </FormDialog>
  );
}

/** Selects the name without its extension, which is what most renames change. */
function selectStem(input: HTMLInputElement): void {
  const dot = input.value.lastIndexOf(".");
  input.setSelectionRange(0, dot > 0 ? dot : input.value.length);
}
