import { useRef, useState } from "react";
import { ContextMenu, type MenuEntry, type Point } from "../../components/Menu";
import { cx } from "../../lib/cx";
import { showKey, uriOf } from "../../lib/keys";
import type { Listing } from "../../state/listing";
import { useSession } from "../../state/sessions";
import { useStore } from "../../state/store";
import { browserStrings as say } from "../../strings/en/browser";
import * as actions from "./actions";
import styles from "./Browser.module.css";
import { Grid } from "./Grid";
import { ListingBanner } from "./ListingBanner";
import { ListingStates } from "./ListingStates";
import { PathBar } from "./PathBar";
import { SessionBar } from "./SessionBar";
import { StatusBar } from "./StatusBar";
import type { Tab } from "./tab";
import { TabStrip } from "./TabStrip";
import { useDrops } from "./useDrops";
import { useWindowKeys } from "./useWindowKeys";
import { NoBucket, Welcome } from "./Welcome";

/** The pane beside the rows. */
type Details = { isShown: boolean; toggle: () => void; focus: () => void };

type Props = { tab: Tab; details: Details };

/** A tab from its name down to its status line. */
export function Browser({ tab, details }: Props) {
  const { history, listing, upcoming } = useStore(tab.state);
  const place = history.visits[history.at]?.place;
  const session = useSession(place?.session);
  const isReadOnly = session?.readOnly ?? false;
  const [isEditing, setEditing] = useState(false);
  const filter = useRef<HTMLInputElement>(null);
  const dropPrefix = useDrops(tab, isReadOnly);
  useWindowKeys({ tab, onAddress: () => setEditing(true), filter });
  return (
    <main className={styles.main}>
      <TabStrip place={place} session={session} details={details} />
      {session && <SessionBar session={session} />}
      {session && (
        <PathBar
          tab={tab}
          isReadOnly={isReadOnly}
          isEditing={isEditing}
          onEdit={setEditing}
          filterRef={filter}
        />
      )}
      {session && listing ? (
        <>
          <Rows
            tab={tab}
            listing={listing}
            isReadOnly={isReadOnly}
            dropPrefix={dropPrefix}
            onShowDetails={details.focus}
          />
          <StatusBar tab={tab} listing={listing} upcoming={upcoming} />
        </>
      ) : (
        <div className={styles.blank}>
          {session ? <NoBucket tab={tab} session={session} /> : <Welcome tab={tab} />}
        </div>
      )}
    </main>
  );
}

type RowsProps = {
  tab: Tab;
  listing: Listing;
  isReadOnly: boolean;
  dropPrefix: string | undefined;
  onShowDetails: () => void;
};

function Rows({ tab, listing, isReadOnly, dropPrefix, onShowDetails }: RowsProps) {
  const [menuAt, setMenuAt] = useState<Point | null>(null);
  const { bucket, prefix } = listing.place;
  const isHere = dropPrefix === prefix;
  return (
    <div
      className={cx(styles.rows, isHere && styles.dropHere)}
      data-drop-prefix={prefix}
      data-drop-active={dropPrefix === undefined ? undefined : true}
    >
      <ListingBanner tab={tab} listing={listing} />
      <div className={styles.gridArea}>
        <Grid
          tab={tab}
          listing={listing}
          dropPrefix={dropPrefix}
          onShowDetails={onShowDetails}
          onMenu={setMenuAt}
        />
        <ListingStates tab={tab} listing={listing} />
      </div>
      {dropPrefix !== undefined && (
        <div className={styles.dropNote} aria-live="polite">
          {say.dropHere(showKey(uriOf(bucket, dropPrefix)))}
        </div>
      )}
      <ContextMenu
        label={say.rowsMenu}
        at={menuAt}
        entries={menuAt ? entriesOf(tab, isReadOnly, onShowDetails) : []}
        onClose={() => setMenuAt(null)}
      />
    </div>
  );
}

function entriesOf(tab: Tab, isReadOnly: boolean, onShowDetails: () => void): MenuEntry[] {
  return [
    {
      id: "open",
      label: say.openRow,
      keys: say.keys.open,
      icon: "forward",
      onAction: () => actions.openCurrent(tab, onShowDetails),
    },
    {
      id: "download",
      label: say.download,
      icon: "download",
      onAction: () => void actions.downloadSelected(tab),
    },
    { id: "copy", label: say.copyUri, icon: "copy", onAction: () => void actions.copySelected(tab) },
    {
      id: "rename",
      label: say.rename,
      keys: say.keys.rename,
      icon: "edit",
      isDisabled: isReadOnly,
      onAction: () => actions.renameCurrent(tab),
    },
    { id: "line", separator: true },
    {
      id: "all",
      label: say.selectAll,
      keys: say.keys.selectAll,
      onAction: () => tab.cursor.selectAll(),
    },
    {
      id: "refresh",
      label: say.refresh,
      keys: say.keys.refresh,
      icon: "refresh",
      onAction: () => tab.refresh(),
    },
    { id: "line2", separator: true },
    {
      id: "delete",
      label: say.delete,
      keys: say.keys.delete,
      icon: "trash",
      danger: true,
      isDisabled: isReadOnly,
      onAction: () => void actions.deleteSelected(tab),
    },
  ];
}
