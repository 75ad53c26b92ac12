import { Label, Radio, RadioGroup } from "react-aria-components";
import { Checkbox } from "../../components/Checkbox";
import { Field } from "../../components/Field";
import { connectionStrings as say } from "../../strings/en/connection";
import styles from "./ConnectionDialog.module.css";
import { nameOf, SWATCHES } from "./connectionDraft";
import type { Connection } from "./useConnection";

type Props = { connection: Connection };

/** How the session is told apart, and its guard. */
export function LookFields({ connection: { form, change } }: Props) {
  return (
    <>
      <div className={styles.halves}>
        <Field
          label={say.name}
          value={form.name}
          placeholder={nameOf({ ...form, name: "" })}
          onChange={(name) => change({ name })}
        />
        <RadioGroup
          value={form.colour}
          orientation="horizontal"
          onChange={(colour) => change({ colour })}
        >
          <Label className={styles.label ?? ""}>{say.colour}</Label>
          <div className={styles.swatches}>
            {swatchesWith(form.colour).map(({ value, name }) => (
              <Radio
                key={value}
                value={value}
                aria-label={name}
                className={styles.swatch ?? ""}
                style={{ background: value }}
              />
            ))}
          </div>
        </RadioGroup>
      </div>
      <div className={styles.check}>
        <Checkbox isSelected={form.readOnly} onChange={(readOnly) => change({ readOnly })}>
          <span>
            {say.readOnly}
            <span className={styles.hint}>{say.readOnlyHint}</span>
          </span>
        </Checkbox>
      </div>
    </>
  );
}

/** A colour that was chosen elsewhere stays among the choices. */
function swatchesWith(colour: string) {
  const isKnown = SWATCHES.some(({ value }) => value === colour);
  return isKnown ? SWATCHES : [...SWATCHES, { value: colour, name: colour }];
}
