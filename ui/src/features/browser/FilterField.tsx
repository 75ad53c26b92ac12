import { type RefObject, useState } from "react";
import { Field } from "../../components/Field";
import { Icon } from "../../components/Icon";
import { IconButton } from "../../components/IconButton";
import type { Listing } from "../../state/listing";
import { useStore } from "../../state/store";
import { browserStrings as say } from "../../strings/en/browser";
import { focusGrid } from "./focus";
import styles from "./PathBar.module.css";
import type { Tab } from "./tab";

type Props = { tab: Tab; listing: Listing; inputRef: RefObject<HTMLInputElement | null> };

/** Narrows what is shown to names that contain a text. */
export function FilterField({ tab, listing, inputRef }: Props) {
  const [text, setText] = useState(() => tab.state.get().view.filter);
  const { status } = useStore(listing.state);
  const change = (next: string) => {
    setText(next);
    tab.filterBy(next);
  };
  return (
    <div className={styles.filter}>
      <Icon name="search" />
      <Field
        label={say.filter}
        hideLabel
        inputRef={inputRef}
        value={text}
        placeholder={say.filterKeys(status?.total ?? 0)}
        onChange={change}
        onKeyDown={(event) => {
          if (event.key === "Escape") change("");
          if (event.key === "ArrowDown") focusGrid();
        }}
      />
      {text !== "" && (
        <IconButton
          icon="close"
          size="small"
          label={say.clearFilter}
          className={styles.filterClear}
          onPress={() => change("")}
        />
      )}
    </div>
  );
}
