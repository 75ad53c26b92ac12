import { useState } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { Icon } from "../../components/Icon";
import { IconButton } from "../../components/IconButton";
import { ContextMenu, type MenuEntry, type Point } from "../../components/Menu";
import { Spinner } from "../../components/Spinner";
import type { Session } from "../../contract/types";
import { showKey, uriOf } from "../../lib/keys";
import { forgetBucket, listBuckets, useBuckets } from "../../state/buckets";
import { openDialog } from "../../state/dialogs";
import { askForSecret } from "../../state/signIn";
import { browserStrings as say } from "../../strings/en/browser";
import { sessionStrings } from "../../strings/en/sessions";
import { copyAndSay } from "./actions";
import { askForNewBucket } from "./newBucket";
import { openByName } from "./openByName";
import { keyAt, pointOf } from "./SessionList";
import styles from "./Sidebar.module.css";
import type { Tab } from "./tab";

/** More buckets than fit beside a dock of usual height. */
const MANY = 12;

type Props = { tab: Tab; session: Session; chosen: string | null };

/** The buckets of a session; with many of them, those that match a filter. */
export function BucketList({ tab, session, chosen }: Props) {
  const list = useBuckets(session.id);
  const [filter, setFilter] = useState("");
  const [menu, setMenu] = useState<{ at: Point; bucket: string }>();
  const open = (bucket: string) => tab.go({ session: session.id, bucket, prefix: "" });
  const shown = list.buckets.filter((bucket) =>
    bucket.name.toLowerCase().includes(filter.trim().toLowerCase()),
  );
  return (
    <>
      <Head tab={tab} session={session} isLoading={list.isLoading} />
      {list.buckets.length > MANY && (
        <Field
          label={say.filterBuckets}
          hideLabel
          placeholder={say.filterBuckets}
          value={filter}
          onChange={setFilter}
          className={styles.filter}
        />
      )}
      <Items
        names={shown.map((bucket) => bucket.name)}
        chosen={chosen}
        onOpen={open}
        onMenu={(at, bucket) => setMenu({ at, bucket })}
      />
      <Remarks session={session} isEmpty={shown.length === 0} filter={filter} />
      <OpenByName tab={tab} session={session} />
      <ContextMenu
        label={say.bucketMenu(menu?.bucket ?? "")}
        at={menu?.at ?? null}
        entries={menu ? entriesOf(menu.bucket, session, tab) : []}
        onClose={() => setMenu(undefined)}
      />
    </>
  );
}

type ItemsProps = {
  names: readonly string[];
  chosen: string | null;
  onOpen: (bucket: string) => void;
  onMenu: (at: Point, bucket: string) => void;
};

function Items({ names, chosen, onOpen, onMenu }: ItemsProps) {
  return (
    <div
      role="presentation"
      // On the way down: the list keeps to itself what happens on its items. The chosen bucket
      // chosen again leads to its top.
      onClickCapture={(event) => {
        if (chosen !== null && keyAt(event.target) === chosen) onOpen(chosen);
      }}
      onKeyDownCapture={(event) => {
        const isChoice = event.key === "Enter" || event.key === " ";
        if (isChoice && chosen !== null && keyAt(event.target) === chosen) onOpen(chosen);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        const bucket = keyAt(event.target);
        if (bucket !== null) onMenu(pointOf(event), bucket);
      }}
    >
      <ListBox
        aria-label={say.buckets}
        selectionMode="single"
        selectionBehavior="toggle"
        disallowEmptySelection
        selectedKeys={chosen === null ? [] : [chosen]}
        onSelectionChange={(keys) => {
          const [key] = keys === "all" ? [] : [...keys];
          if (key !== undefined) onOpen(String(key));
        }}
      >
        {names.map((name) => (
          <ListBoxItem key={name} id={name} textValue={name} className={styles.item ?? ""}>
            <Icon name="bucket" />
            <span className={styles.grow}>{showKey(name)}</span>
          </ListBoxItem>
        ))}
      </ListBox>
    </div>
  );
}

type HeadProps = { tab: Tab; session: Session; isLoading: boolean };

function Head({ tab, session, isLoading }: HeadProps) {
  return (
    <div className={styles.head}>
      <h2 className={styles.title}>{say.buckets}</h2>
      {isLoading ? (
        <Spinner label={say.bucketsLoading} />
      ) : (
        <IconButton
          icon="plus"
          size="small"
          label={say.newBucket}
          isDisabled={session.readOnly}
          onPress={() => askForNewBucket(tab, session.id)}
        />
      )}
    </div>
  );
}

type RemarksProps = { session: Session; isEmpty: boolean; filter: string };

/** What is to be said when there are no buckets, or why. */
function Remarks({ session, isEmpty, filter }: RemarksProps) {
  const { error, isLoading, buckets } = useBuckets(session.id);
  if (session.needsSecret) {
    return (
      <div className={styles.remark}>
        <span>{sessionStrings.needsSecret}</span>
        <Button variant="link" onPress={() => askForSecret(session)}>
          {sessionStrings.enterSecret}
        </Button>
      </div>
    );
  }
  if (error) {
    return (
      <div className={styles.remark}>
        <span title={error.message}>
          {error.code === "denied" ? say.bucketsDenied : say.bucketsFailed}
        </span>
        <Button variant="link" onPress={() => void listBuckets(session.id)}>
          {say.retry}
        </Button>
      </div>
    );
  }
  if (isEmpty && buckets.length > 0 && filter !== "") {
    return <div className={styles.remark}>{say.noBucketMatches}</div>;
  }
  if (isEmpty && !isLoading) return <div className={styles.remark}>{say.noBuckets}</div>;
  return null;
}

function OpenByName({ tab, session }: { tab: Tab; session: Session }) {
  return (
    <Button variant="link" className={styles.more} onPress={() => openByName(tab, session.id)}>
      {say.openBucket}
    </Button>
  );
}

function entriesOf(bucket: string, session: Session, tab: Tab): MenuEntry[] {
  return [
    {
      id: "copy",
      label: say.copyUri,
      icon: "copy",
      onAction: () => void copyAndSay(uriOf(bucket, "")),
    },
    { id: "line", separator: true },
    {
      id: "delete",
      label: say.deleteBucket,
      icon: "trash",
      danger: true,
      isDisabled: session.readOnly,
      onAction: () =>
        openDialog({
          kind: "deleteBucket",
          session: session.id,
          bucket,
          onDeleted: () => {
            forgetBucket(session.id, bucket);
            tab.leave((place) => place.session === session.id && place.bucket === bucket);
            void listBuckets(session.id);
          },
        }),
    },
  ];
}
