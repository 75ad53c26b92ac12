import { type KeyboardEvent, useState } from "react";
import { Field } from "../../components/Field";
import type { AppError } from "../../contract/types";
import { uriOf } from "../../lib/keys";
import { rememberBucket } from "../../state/buckets";
import { browserStrings as say } from "../../strings/en/browser";
import { focusGrid } from "./focus";
import type { Place } from "./history";
import styles from "./PathBar.module.css";
import type { Tab } from "./tab";

type Props = { tab: Tab; place: Place; onDone: () => void };

/** The place as text. What does not lead anywhere is said beside it, and the text is kept. */
export function AddressField({ tab, place, onDone }: Props) {
  const [text, setText] = useState(place.bucket ? uriOf(place.bucket, place.prefix) : "s3://");
  const [error, setError] = useState<AppError>();
  const [isBusy, setBusy] = useState(false);

  const go = async () => {
    setBusy(true);
    const failed = await tab.goToAddress(place.session, text);
    setBusy(false);
    setError(failed);
    if (failed) return;
    if (tab.place?.bucket) rememberBucket(place.session, tab.place.bucket);
    onDone();
    focusGrid();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !isBusy) void go();
    if (event.key === "Escape") onDone();
  };

  return (
    <div className={styles.address}>
      <Field
        label={say.address}
        hideLabel
        mono
        autoFocus
        value={text}
        placeholder={say.addressHint}
        error={error && sentences(error)}
        onChange={(next) => {
          setText(next);
          setError(undefined);
        }}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.target instanceof HTMLInputElement) event.target.select();
        }}
        onBlur={() => {
          if (!error && !isBusy) onDone();
        }}
      />
    </div>
  );
}

function sentences(error: AppError): string {
  const request = error.requestId ? say.requestId(error.requestId) : "";
  return [error.message, error.advice, request].filter(Boolean).join(". ");
}
