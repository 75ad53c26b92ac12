import { useState } from "react";
import { Field } from "../../components/Field";
import { host } from "../../host/host";
import { wordsOf } from "../../lib/failures";
import { useSession } from "../../state/sessions";
import { useCall } from "../../state/useCall";
import { dialogStrings as say } from "../../strings/en/dialogs";
import { FormDialog } from "./FormDialog";
import { bucketNameHint, bucketNameProblem } from "./names";

type Props = {
  session: string;
  onMade?: ((bucket: string) => void) | undefined;
  onClose: () => void;
};

/** Creates a bucket. What the server refuses stands beside the name, with its own words. */
export function CreateBucketDialog({ session, onMade, onClose }: Props) {
  const view = useSession(session);
  const [name, setName] = useState("");
  const [region, setRegion] = useState("");
  const [problem, setProblem] = useState<string>();
  const call = useCall();
  const submit = async () => {
    const wrong = bucketNameProblem(name);
    setProblem(wrong);
    if (wrong !== undefined) return;
    const asked = region.trim() === "" ? {} : { region: region.trim() };
    const made = await call.run(async () => {
      await host().call("bucket_create", { session, name, ...asked });
      return name;
    });
    if (made === undefined) return;
    onClose();
    onMade?.(made);
  };
  const onType = (next: string) => {
    setName(next);
    setProblem(undefined);
    call.clear();
  };
  return (
    <FormDialog
      title={say.createBucket}
      subtitle={view && say.createBucketOn(view.name)}
      submitLabel={call.isPending ? say.creating : say.create}
      isPending={call.isPending}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field
        label={say.bucketName}
        value={name}
        autoFocus
        mono
        hint={bucketNameHint(name)}
        error={problem ?? (call.error && wordsOf(call.error))}
        onChange={onType}
      />
      <Field
        label={say.bucketRegion}
        value={region}
        placeholder={view?.region ?? ""}
        hint={say.bucketRegionHint}
        onChange={setRegion}
      />
    </FormDialog>
  );
}
