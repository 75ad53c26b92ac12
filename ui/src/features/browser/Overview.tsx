import { Badge } from "../../components/Badge";
import { IconButton } from "../../components/IconButton";
import { KeyText } from "../../components/KeyText";
import type { ObjectDetail, ObjectLock } from "../../contract/types";
import { formatExactBytes } from "../../lib/bytes";
import { uriOf } from "../../lib/keys";
import { formatExactTime, formatTime } from "../../lib/time";
import { browserStrings as say } from "../../strings/en/browser";
import { copyAndSay } from "./actions";
import { storageClassName } from "./columns";
import { type Fact, Facts } from "./Facts";
import styles from "./Inspector.module.css";

type Props = { bucket: string; objectKey: string; detail: ObjectDetail };

/** What the server says of an object, in the order in which it is asked for. */
export function Overview({ bucket, objectKey, detail }: Props) {
  const { checksums, etag, modified, lock } = detail;
  const { type: checksumType, ...sums } = checksums;
  const facts: (Fact | undefined)[] = [
    { name: say.facts.encryption, value: <EncryptionFact detail={detail} /> },
    { name: say.facts.storageClass, value: storageClassName(detail.storageClass) },
    ...Object.entries(sums).map(([algorithm, sum]) => ({
      name: say.facts.checksum,
      value: (
        <span className="mono" title={checksumType}>
          {algorithm.toUpperCase()} {sum}
        </span>
      ),
    })),
    lock ? { name: say.facts.lock, value: lockText(lock) } : undefined,
    { name: say.facts.size, value: formatExactBytes(detail.size) },
    modified === null
      ? undefined
      : { name: say.facts.modified, value: <span title={formatExactTime(modified)}>{formatTime(modified)}</span> },
    etag === null
      ? undefined
      : {
          name: say.facts.etag,
          value: <Copyable text={etag} label={say.copyEtag} />,
        },
    textFact(say.facts.version, detail.versionId),
    textFact(say.facts.restore, detail.restore),
    textFact(say.facts.replication, detail.replicationStatus),
    textFact(say.facts.parts, detail.parts === null ? null : String(detail.parts)),
    {
      name: say.facts.uri,
      value: <Copyable text={uriOf(bucket, objectKey)} label={say.copyUri} />,
    },
  ];
  return (
    <>
      <Facts facts={facts} />
      {detail.leftOut.length > 0 && (
        <section className={styles.leftOut}>
          <h3 className={styles.subtitle}>{say.leftOut}</h3>
          <ul>
            {detail.leftOut.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function textFact(name: string, text: string | null): Fact | undefined {
  if (text === null) return undefined;
  return { name, value: <span className={`mono ${styles.text}`}>{text}</span> };
}

function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <>
      <span className={`mono ${styles.text}`}>
        <KeyText text={text} />
      </span>
      <IconButton icon="copy" size="small" label={label} onPress={() => void copyAndSay(text)} />
    </>
  );
}

function EncryptionFact({ detail }: { detail: ObjectDetail }) {
  const { kind, keyArn, bucketKey } = detail.encryption;
  if (kind === null) return <span className="dim">{say.notSaid}</span>;
  return (
    <>
      <Badge tone="good">{say.encryptions[kind] ?? kind}</Badge>
      {keyArn !== null && (
        <span className={`mono ${styles.text}`} title={keyArn}>
          {keyArn.slice(keyArn.lastIndexOf(":") + 1)}
        </span>
      )}
      {bucketKey === true && <span className="dim">{say.bucketKey}</span>}
    </>
  );
}

function lockText({ mode, retainUntil, legalHold }: ObjectLock): string {
  const parts: string[] = [];
  if (mode !== null) {
    const name = say.lockModes[mode] ?? mode;
    parts.push(retainUntil === null ? name : say.lockUntil(name, formatTime(retainUntil)));
  }
  if (legalHold === true) parts.push(say.legalHold);
  return parts.join(", ") || say.notSaid;
}
