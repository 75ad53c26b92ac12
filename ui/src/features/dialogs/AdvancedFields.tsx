import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { Field } from "../../components/Field";
import { Icon } from "../../components/Icon";
import { Select } from "../../components/Select";
import { connectionStrings as say } from "../../strings/en/connection";
import styles from "./ConnectionDialog.module.css";
import { SecretField } from "./SecretField";
import type { Connection } from "./useConnection";

type Props = { connection: Connection };

const STYLES = ["auto", "on", "off"] as const;

/** What few connections need: a role to assume, temporary keys, the way buckets are addressed. */
export function AdvancedFields({ connection }: Props) {
  const { form, change, problems, secrets, noteSecretEdit } = connection;
  const isUsed = form.roleArn !== "" || form.pathStyle !== "auto";
  return (
    <Disclosure defaultExpanded={isUsed}>
      <Heading className={styles.disclosure ?? ""}>
        <Button slot="trigger" className={styles.trigger ?? ""}>
          <Icon name="forward" size={12} />
          {say.advanced}
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className={styles.advanced}>
          <div className={styles.wideNarrow}>
            <Field
              label={say.roleArn}
              value={form.roleArn}
              mono
              placeholder={say.roleArnExample}
              hint={say.roleHint}
              error={problems.roleArn}
              onChange={(roleArn) => change({ roleArn })}
            />
            <Field
              label={say.externalId}
              value={form.externalId}
              mono
              onChange={(externalId) => change({ externalId })}
            />
          </div>
          <div className={styles.wideNarrow}>
            {form.source === "keys" && (
              <SecretField
                label={say.sessionToken}
                inputRef={secrets.tokenRef}
                hint={say.sessionTokenHint}
                onEdit={noteSecretEdit}
              />
            )}
            <Select
              label={say.addressing}
              choices={STYLES.map((id) => ({ id, label: say.addressings[id] }))}
              value={form.pathStyle}
              onChange={(pathStyle) => change({ pathStyle })}
            />
          </div>
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}
