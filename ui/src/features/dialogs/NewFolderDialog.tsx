import { useState } from "react";
import { Field } from "../../components/Field";
import { host } from "../../host/host";
import { wordsOf } from "../../lib/failures";
import { uriOf } from "../../lib/keys";
import type { Place } from "../../state/dialogs";
import { useCall } from "../../state/useCall";
import { dialogStrings as say } from "../../strings/en/dialogs";
import { FormDialog } from "./FormDialog";
import { folderNameProblem } from "./names";

type Props = { place: Place; onMade?: ((prefix: string) => void) | undefined; onClose: () => void };

/** Makes a folder: an empty object whose key ends in `/`. */
export function NewFolderDialog({ place, onMade, onClose }: Props) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string>();
  const call = useCall();
  const submit = async () => {
    const wrong = folderNameProblem(name, place.prefix);
    setProblem(wrong);
    if (wrong !== undefined) return;
    const made = await call.run(() => host().call("folder_create", { ...place, name }));
    if (made === undefined) return;
    onClose();
    onMade?.(made.prefix);
  };
  return (
    <FormDialog
      title={say.newFolder}
      subtitle={say.inPlace(uriOf(place.bucket, place.prefix))}
      submitLabel={call.isPending ? say.making : say.makeFolder}
      isPending={call.isPending}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field
        label={say.folderName}
        value={name}
        autoFocus
        error={problem ?? (call.error && wordsOf(call.error))}
        onChange={(next) => {
          setName(next);
          setProblem(undefined);
          call.clear();
        }}
      />
    </FormDialog>
  );
}
