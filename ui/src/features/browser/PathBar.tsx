import type { RefObject } from "react";
import { Button } from "../../components/Button";
import { IconButton } from "../../components/IconButton";
import { MenuButton } from "../../components/Menu";
import { pickAndUploadFiles, pickAndUploadFolder } from "../../state/changes";
import { openDialog } from "../../state/dialogs";
import type { ListingPlace } from "../../state/listing";
import { useStore } from "../../state/store";
import { browserStrings as say } from "../../strings/en/browser";
import { AddressField } from "./AddressField";
import { makeFolder, openPlace } from "./actions";
import { Crumbs } from "./Crumbs";
import { FilterField } from "./FilterField";
import styles from "./PathBar.module.css";
import type { Tab } from "./tab";

type Props = {
  tab: Tab;
  isReadOnly: boolean;
  isEditing: boolean;
  onEdit: (isEditing: boolean) => void;
  filterRef: RefObject<HTMLInputElement | null>;
};

/** Where the tab is, how to get elsewhere, and what can be added here. */
export function PathBar({ tab, isReadOnly, isEditing, onEdit, filterRef }: Props) {
  const { history, listing } = useStore(tab.state);
  const place = history.visits[history.at]?.place;
  const open = openPlace(tab);
  return (
    <div className={styles.bar}>
      <IconButton
        icon="back"
        label={say.back}
        isDisabled={history.at <= 0}
        onPress={() => tab.back()}
      />
      <IconButton
        icon="forward"
        label={say.forward}
        isDisabled={history.at >= history.visits.length - 1}
        onPress={() => tab.forward()}
      />
      <IconButton
        icon="up"
        label={say.up}
        isDisabled={!place?.bucket || place.prefix === ""}
        onPress={() => tab.up()}
      />
      {isEditing && place ? (
        <AddressField tab={tab} place={place} onDone={() => onEdit(false)} />
      ) : (
        <Crumbs tab={tab} place={place} onEdit={() => onEdit(true)} />
      )}
      {open && (
        <>
          <IconButton icon="refresh" label={say.refresh} onPress={() => tab.refresh()} />
          {listing && (
            <FilterField
              key={`${open.session}/${open.bucket}/${open.prefix}`}
              tab={tab}
              listing={listing}
              inputRef={filterRef}
            />
          )}
          <Button isDisabled={isReadOnly} onPress={() => makeFolder(tab)}>
            {say.newFolder}
          </Button>
          <UploadButton place={open} isDisabled={isReadOnly} />
        </>
      )}
    </div>
  );
}

function UploadButton({ place, isDisabled }: { place: ListingPlace; isDisabled: boolean }) {
  return (
    <MenuButton
      label={say.upload}
      entries={[
        {
          id: "files",
          label: say.uploadFiles,
          icon: "file",
          onAction: () => void pickAndUploadFiles(place),
        },
        {
          id: "folder",
          label: say.uploadFolder,
          icon: "folder",
          onAction: () => void pickAndUploadFolder(place),
        },
        {
          id: "typed",
          label: say.uploadTyped,
          icon: "edit",
          onAction: () => openDialog({ kind: "typedPath", place }),
        },
      ]}
    >
      <Button variant="primary" isDisabled={isDisabled}>
        {say.upload}
      </Button>
    </MenuButton>
  );
}
