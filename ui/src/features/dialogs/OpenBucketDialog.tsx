import { useState } from "react";
import { Field } from "../../components/Field";
import { host } from "../../host/host";
import { wordsOf } from "../../lib/failures";
import { useCall } from "../../state/useCall";
import { dialogStrings as say } from "../../strings/en/dialogs";
import { FormDialog } from "./FormDialog";

type Props = {
  session: string;
  onOpen: (bucket: string, prefix: string) => void;
  onClose: () => void;
};

/** Opens a bucket by name or URI, for credentials that may not list buckets. */
export function OpenBucketDialog({ session, onOpen, onClose }: Props) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const call = useCall();
  const submit = async () => {
    const typed = text.trim();
    setProblem(typed === "" ? say.noAddress : undefined);
    if (typed === "") return;
    const place = await call.run(async () => {
      const address = await host().call("address_resolve", { session, text: uriFor(typed) });
      if (address.bucket === null) return { bucket: "", prefix: "" };
      await host().call("bucket_open", { session, name: address.bucket });
      return { bucket: address.bucket, prefix: address.prefix };
    });
    if (place === undefined) return;
    if (place.bucket === "") return setProblem(say.noAddress);
    onClose();
    onOpen(place.bucket, place.prefix);
  };
  return (
    <FormDialog
      title={say.openBucket}
      subtitle={say.openBucketHint}
      submitLabel={call.isPending ? say.opening : say.open}
      isPending={call.isPending}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field
        label={say.address}
        value={text}
        autoFocus
        mono
        placeholder={say.addressPlaceholder}
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

/** A bare name is a bucket here, while the breadcrumbs may read it as something in view. */
function uriFor(typed: string): string {
  return typed.includes("://") ? typed : `s3://${typed}`;
}
