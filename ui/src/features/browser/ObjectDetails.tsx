import { Tab as AriaTab, TabList, TabPanel, Tabs } from "react-aria-components";
import { ErrorPanel } from "../../components/ErrorPanel";
import { KeyText } from "../../components/KeyText";
import { Spinner } from "../../components/Spinner";
import type { ObjectDetail } from "../../contract/types";
import { formatBytes } from "../../lib/bytes";
import { lastName } from "../../lib/keys";
import type { ListingPlace } from "../../state/listing";
import { browserStrings as say } from "../../strings/en/browser";
import { Facts, factsOf } from "./Facts";
import styles from "./Inspector.module.css";
import { Overview } from "./Overview";
import type { Picked } from "./selection";
import { useInspection } from "./useInspection";

type Props = { place: ListingPlace; row: Picked; stamp: string };

/** All that the server says of one object. */
export function ObjectDetails({ place, row, stamp }: Props) {
  const { session, bucket } = place;
  const { detail, error, retry } = useInspection(session, bucket, row.key, stamp);
  const type = detail?.system["contentType"];
  return (
    <>
      <h2 className={styles.title} data-selectable>
        <KeyText text={lastName(row.key)} />
      </h2>
      <div className={styles.subline}>
        {[formatBytes(detail?.size ?? row.size), type].filter(Boolean).join(" · ")}
      </div>
      {error ? (
        <div className={styles.message}>
          <ErrorPanel error={error} onRetry={retry} />
        </div>
      ) : (
        <DetailTabs bucket={bucket} objectKey={row.key} detail={detail} />
      )}
    </>
  );
}

type TabsProps = { bucket: string; objectKey: string; detail: ObjectDetail | undefined };

function DetailTabs({ bucket, objectKey, detail }: TabsProps) {
  const names = say.detailTabs;
  return (
    <Tabs className={styles.tabs ?? ""}>
      <TabList className={styles.tabList ?? ""} aria-label={say.details}>
        {(["overview", "access", "tags", "metadata"] as const).map((id) => (
          <AriaTab key={id} id={id} className={styles.tab ?? ""}>
            {names[id]}
          </AriaTab>
        ))}
      </TabList>
      {detail === undefined ? (
        <div className={styles.message}>
          <Spinner label={say.loadingDetails} />
        </div>
      ) : (
        <>
          <TabPanel id="overview" className={styles.panel ?? ""}>
            <Overview bucket={bucket} objectKey={objectKey} detail={detail} />
          </TabPanel>
          <TabPanel id="access" className={styles.panel ?? ""}>
            <Access detail={detail} />
          </TabPanel>
          <TabPanel id="tags" className={styles.panel ?? ""}>
            <TextMap map={detail.tags} none={say.noTags} unknown={say.tagsUnknown} />
          </TabPanel>
          <TabPanel id="metadata" className={styles.panel ?? ""}>
            <h3 className={styles.subtitle}>{say.user}</h3>
            <TextMap map={detail.metadata} none={say.noMetadata} unknown={say.noMetadata} />
            <h3 className={styles.subtitle}>{say.system}</h3>
            <TextMap map={detail.system} none={say.notSaid} unknown={say.notSaid} />
          </TabPanel>
        </>
      )}
    </Tabs>
  );
}

type TextMapProps = {
  map: Readonly<Record<string, string | undefined>> | null;
  none: string;
  unknown: string;
};

function TextMap({ map, none, unknown }: TextMapProps) {
  const facts = factsOf(map ?? {});
  if (facts.length === 0) return <p className="dim">{map === null ? unknown : none}</p>;
  return <Facts facts={facts} />;
}

function Access({ detail }: { detail: ObjectDetail }) {
  const { grants } = detail;
  if (grants === null) return <p className="dim">{say.grantsUnknown}</p>;
  if (grants.length === 0) return <p className="dim">{say.noGrants}</p>;
  return (
    <ul className={styles.grants}>
      {grants.map((grant) => (
        <li key={`${grant.kind} ${grant.grantee} ${grant.permission}`} className={styles.grant}>
          <span className={styles.text} data-selectable>
            <KeyText text={grant.grantee} />
          </span>
          <span className="dim">
            {grant.kind} · {grant.permission}
          </span>
        </li>
      ))}
    </ul>
  );
}
