import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { KeyText } from "../../components/KeyText";
import { formatBytes } from "../../lib/bytes";
import { lastName, uriOf } from "../../lib/keys";
import { formatTime } from "../../lib/time";
import { useBuckets } from "../../state/buckets";
import type { Listing } from "../../state/listing";
import { useStore } from "../../state/store";
import { browserStrings as say } from "../../strings/en/browser";
import { copyAndSay, deleteSelected, downloadSelected, openPlace } from "./actions";
import { type Fact, Facts } from "./Facts";
import { focusGrid } from "./focus";
import styles from "./Inspector.module.css";
import { ObjectDetails } from "./ObjectDetails";
import { bytesSelected, countSelected, type Selection } from "./selection";
import type { Tab } from "./tab";

type Props = { tab: Tab; isReadOnly: boolean };

/** What is selected, in detail; without a selection, where one is. */
export function Inspector({ tab, isReadOnly }: Props) {
  const { listing } = useStore(tab.state);
  return (
    // Escape leads back to the rows from wherever the keyboard is within it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      className={styles.inspector}
      aria-label={say.details}
      data-inspector
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") focusGrid();
      }}
    >
      {listing ? (
        <Selected tab={tab} listing={listing} isReadOnly={isReadOnly} />
      ) : (
        <EmptyState icon="info" title={say.nothingSelected}>
          {say.nothingSelectedText}
        </EmptyState>
      )}
    </aside>
  );
}

function Selected({ tab, listing, isReadOnly }: Props & { listing: Listing }) {
  const { selection } = useStore(tab.cursor.state);
  const { status } = useStore(listing.state);
  const count = countSelected(selection, status?.rows ?? 0);
  const one = onlyRow(selection);
  const { bucket } = listing.place;
  if (count === 0) return <PlaceFacts tab={tab} />;
  return (
    <>
      {one?.kind === "object" ? (
        <ObjectDetails
          key={one.key}
          place={listing.place}
          row={one}
          stamp={String(status?.revision ?? 0)}
        />
      ) : one ? (
        <>
          <h2 className={styles.title} data-selectable>
            <KeyText text={lastName(one.key)} />
          </h2>
          <div className={styles.subline}>{say.folder}</div>
          <UriFact uri={uriOf(bucket, one.key)} />
        </>
      ) : (
        <>
          <h2 className={styles.title}>{say.manySelected(count)}</h2>
          <ManySize selection={selection} />
        </>
      )}
      <div className={styles.actions}>
        <Button onPress={() => void downloadSelected(tab)}>
          {count === 1 ? say.download : say.downloadMany(count)}
        </Button>
        <Button isDisabled={isReadOnly} onPress={() => void deleteSelected(tab)}>
          {say.delete}
        </Button>
      </div>
    </>
  );
}

function onlyRow(selection: Selection) {
  if (selection.mode === "all" || selection.picked.size !== 1) return undefined;
  return selection.picked.values().next().value;
}

function ManySize({ selection }: { selection: Selection }) {
  const bytes = bytesSelected(selection);
  if (bytes === undefined) return null;
  return <div className={styles.subline}>{say.manySelectedSize(formatBytes(bytes))}</div>;
}

function UriFact({ uri }: { uri: string }) {
  return (
    <div className={styles.message}>
      <Facts
        facts={[
          {
            name: say.facts.uri,
            value: (
              <span className={`mono ${styles.text}`}>
                <KeyText text={uri} />
              </span>
            ),
          },
        ]}
      />
      <Button size="small" className={styles.copy} onPress={() => void copyAndSay(uri)}>
        {say.copyUri}
      </Button>
    </div>
  );
}

/** The folder or the bucket that is shown. */
function PlaceFacts({ tab }: { tab: Tab }) {
  const place = openPlace(tab);
  const { buckets } = useBuckets(place?.session);
  if (!place) return null;
  const bucket = buckets.find((known) => known.name === place.bucket);
  const facts: (Fact | undefined)[] = [
    bucket?.region ? { name: say.facts.region, value: bucket.region } : undefined,
    bucket?.created ? { name: say.facts.created, value: formatTime(bucket.created) } : undefined,
  ];
  const isTop = place.prefix === "";
  return (
    <>
      <h2 className={styles.title} data-selectable>
        <KeyText text={isTop ? place.bucket : lastName(place.prefix)} />
      </h2>
      <div className={styles.subline}>{isTop ? say.bucket : say.folder}</div>
      {isTop && facts.some(Boolean) && (
        <div className={styles.message}>
          <Facts facts={facts} />
        </div>
      )}
      <UriFact uri={uriOf(place.bucket, place.prefix)} />
    </>
  );
}
