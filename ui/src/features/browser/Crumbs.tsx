import { useState } from "react";
import { Button } from "react-aria-components";
import { KeyText } from "../../components/KeyText";
import { MenuButton } from "../../components/Menu";
import { cx } from "../../lib/cx";
import { showKey, stepsOf } from "../../lib/keys";
import { browserStrings as say } from "../../strings/en/browser";
import { foldedSteps, useWidth } from "./crumbRoom";
import type { Place } from "./history";
import styles from "./PathBar.module.css";
import type { Tab } from "./tab";

type Props = { tab: Tab; place: Place | undefined; onEdit: () => void };
type Step = { name: string; prefix: string };

/** The place as steps that lead there, the middle ones in a menu where room is short; the rest of the line turns it into a field. */
export function Crumbs({ tab, place, onEdit }: Props) {
  const bucket = place?.bucket;
  const steps = bucket ? [{ name: bucket, prefix: "" }, ...stepsOf(place.prefix)] : [];
  const [line, setLine] = useState<HTMLElement | null>(null);
  const count = foldedSteps(
    steps.map((step) => step.name),
    useWidth(line),
  );
  const folded = steps.slice(1, 1 + count);
  const shown = steps.filter((step) => !folded.includes(step));
  const go = (prefix: string) => place && tab.go({ ...place, prefix }, childOf(place.prefix, prefix));
  return (
    <nav ref={setLine} className={styles.crumbs} aria-label={say.place}>
      {place && <span className={cx("mono", styles.scheme)}>s3://</span>}
      <ol className={styles.list}>
        {shown.map((step, at) => (
          <li key={step.prefix} className={styles.step}>
            {at > 0 && <span className={styles.sep}>/</span>}
            {at === 1 && folded.length > 0 && <Folded steps={folded} onGo={go} />}
            <Button
              className={cx(styles.crumb, at === shown.length - 1 && styles.here)}
              onPress={() => go(step.prefix)}
              {...(at === shown.length - 1 ? { "aria-current": "page" as const } : {})}
            >
              {step.name === "" ? <span className="dim">{say.emptyStep}</span> : <KeyText text={step.name} />}
            </Button>
          </li>
        ))}
      </ol>
      {place && (
        <Button className={styles.edit ?? ""} aria-label={say.editAddress} onPress={onEdit}>
          {""}
        </Button>
      )}
    </nav>
  );
}

function Folded({ steps, onGo }: { steps: readonly Step[]; onGo: (prefix: string) => void }) {
  const entries = steps.map((step) => ({
    id: step.prefix,
    label: showKey(step.name) || say.emptyStep,
    icon: "folder" as const,
    onAction: () => onGo(step.prefix),
  }));
  return (
    <>
      <MenuButton label={say.place} entries={entries}>
        <Button className={styles.crumb ?? ""} aria-label={say.foldedSteps(steps.length)}>
          …
        </Button>
      </MenuButton>
      <span className={styles.sep}>/</span>
    </>
  );
}

/** The folder of `prefix` through which one came from `from`, to be found again. */
function childOf(from: string, prefix: string): string | undefined {
  if (!from.startsWith(prefix) || from === prefix) return undefined;
  return from.slice(0, from.indexOf("/", prefix.length) + 1);
}
