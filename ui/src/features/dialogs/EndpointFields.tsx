import { Checkbox } from "../../components/Checkbox";
import { Field } from "../../components/Field";
import { connectionStrings as say } from "../../strings/en/connection";
import styles from "./ConnectionDialog.module.css";
import { isPlainHttpElsewhere } from "./connectionDraft";
import type { Connection } from "./useConnection";

type Props = { connection: Connection; autoFocus: boolean };

/** Where the server is. */
export function EndpointFields({ connection, autoFocus }: Props) {
  const { form, change, problems } = connection;
  return (
    <>
      <div className={styles.wideNarrow}>
        <Field
          label={say.endpoint}
          value={form.endpoint}
          mono
          autoFocus={autoFocus}
          placeholder={say.endpointExample}
          {...(problems.endpoint === undefined ? { hint: say.endpointHints[form.source] } : {})}
          error={problems.endpoint}
          onChange={(endpoint) => change({ endpoint })}
        />
        <Field
          label={say.region}
          value={form.region}
          placeholder={say.regionExamples[form.source]}
          error={problems.region}
          onChange={(region) => change({ region })}
        />
      </div>
      {isPlainHttpElsewhere(form.endpoint) && (
        <div className={styles.check}>
          <Checkbox
            isSelected={form.trustPlainHttp}
            onChange={(trustPlainHttp) => change({ trustPlainHttp })}
          >
            <span>
              {say.trustPlainHttp}
              <span className={styles.hint}>{say.trustPlainHttpHint}</span>
            </span>
          </Checkbox>
        </div>
      )}
    </>
  );
}
