import { Label, Radio, RadioGroup } from "react-aria-components";
import { connectionStrings as say } from "../../strings/en/connection";
import type { SourceKind } from "./connectionDraft";
import styles from "./ConnectionDialog.module.css";

type Props = { value: SourceKind; onChange: (source: SourceKind) => void };

const SOURCES: readonly SourceKind[] = ["keys", "profile", "environment", "anonymous"];

/** Where the credentials come from. */
export function SourcePicker({ value, onChange }: Props) {
  return (
    <RadioGroup
      value={value}
      orientation="horizontal"
      onChange={(chosen) => {
        const source = SOURCES.find((known) => known === chosen);
        if (source) onChange(source);
      }}
    >
      <Label className={styles.label ?? ""}>{say.source}</Label>
      <div className={styles.sources}>
        {SOURCES.map((source) => (
          <Radio key={source} value={source} className={styles.source ?? ""}>
            {say.sources[source].name}
          </Radio>
        ))}
      </div>
      <p className={styles.hint}>{say.sources[value].hint}</p>
    </RadioGroup>
  );
}
