import { useState } from "react";
import { Field } from "../../components/Field";
import { host } from "../../host/host";
import { wordsOf } from "../../lib/failures";
import { uriOf } from "../../lib/keys";
import { startUpload } from "../../state/changes";
import type { Place } from "../../state/dialogs";
import { useCall } from "../../state/useCall";
import { dialogStrings as say } from "../../strings/en/dialogs";
import { FormDialog } from "./FormDialog";

type Props = { place: Place; onClose: () => void };

/** Uploads from a typed path. The page cannot grant it: the shell asks natively and shows it. */
export function TypedPathDialog({ place, onClose }: Props) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const call = useCall();
  const submit = async () => {
    const isPath = /^(\/|~\/|[A-Za-z]:[\\/])/.test(text);
    setProblem(isPath ? undefined : say.noPath);
    if (!isPath) return;
    const grant = await call.run(() => host().call("path_confirm", { text }));
    // Null is a No in the native prompt; the typed text stays to be corrected.
    if (grant === null) setProblem(say.pathRefused);
    if (grant === undefined || grant === null) return;
    onClose();
    await startUpload([grant.id], place);
  };
  return (
    <FormDialog
      title={say.typedPath}
      subtitle={say.inPlace(uriOf(place.bucket, place.prefix))}
      footnote={say.typedPathHint}
      width="medium"
      submitLabel={call.isPending ? say.looking : say.upload}
      isPending={call.isPending}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field
        label={say.path}
        value={text}
        autoFocus
        mono
        placeholder={say.pathPlaceholder}
        error={problem ?? (call.error && wordsOf(call.error))}
        onChange={(next) => {
          setText(next);
          setProblem(undefined);
          call.clear();
        }}
      />
    </FormDialog>
  );
}
