import { useEffect, useId, useRef } from "react";
import type { ListingRow } from "../../contract/types";
import { type Listing } from "../../state/listing";
import { useStore } from "../../state/store";
import { browserStrings as say } from "../../strings/en/browser";
import { showKey, uriOf } from "../../lib/keys";
import { COLUMNS } from "./columns";
import { pickedOf } from "./cursor";
import styles from "./Grid.module.css";
import { GridHeader } from "./GridHeader";
import { GridRow } from "./GridRow";
import { drawnRows, ROW_HEIGHT, spacerHeight } from "./scrollMap";
import { isSelected, type Selection } from "./selection";
import type { Tab } from "./tab";
import { useGridInput } from "./useGridInput";
import { HEADER_HEIGHT, useGridScroll } from "./useGridScroll";
import { useRevealing } from "./useRevealing";

/** Rows that are drawn beyond both edges, so that a fast wheel shows no gap. */
const OVERSCAN = 8;

type Props = {
  tab: Tab;
  listing: Listing;
  /** The prefix over which something is dragged. */
  dropPrefix: string | undefined;
  onShowDetails: () => void;
  onMenu: (at: { x: number; y: number }) => void;
};

/** The rows of a listing: only those that are seen exist as elements. */
export function Grid({ tab, listing, dropPrefix, onShowDetails, onMenu }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const { view } = useStore(tab.state);
  const { current, selection, show } = useStore(tab.cursor.state);
  const { status } = useStore(listing.state);
  const rows = status?.rows ?? 0;
  const scroll = useGridScroll(scroller, rows);
  const { first, end } = drawnRows(scroll.extent, scroll.offset, OVERSCAN);
  const { prefix, bucket } = listing.place;

  useEffect(() => {
    listing.want(first, end);
  });
  useRevealing(show, scroll.extent, scroll.reveal);
  const { toTop } = scroll;
  useEffect(() => {
    // Another place or order begins at its top, unless a row is to be shown.
    if (tab.cursor.state.get().show === undefined) toTop();
  }, [tab, toTop, view.sort, view.descending, view.filter, bucket, prefix]);

  const input = useGridInput({ tab, rows, viewport: scroll.extent.viewport, onShowDetails, onMenu });
  const isCurrentDrawn = current && current.position >= first && current.position < end;
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      className={styles.grid}
      aria-label={say.grid(showKey(uriOf(bucket, prefix)))}
      aria-rowcount={rows + 1}
      aria-colcount={COLUMNS.length}
      aria-multiselectable="true"
      aria-busy={status?.phase === "running"}
      aria-activedescendant={isCurrentDrawn ? `${id}-${current.position}` : undefined}
      onScroll={scroll.onScroll}
      {...input}
    >
      <GridHeader view={view} onSort={(column) => tab.sortBy(column)} />
      <div role="presentation" style={{ height: spacerHeight(scroll.extent) }}>
        <div
          role="rowgroup"
          className={styles.window}
          style={{ height: scroll.extent.viewport, top: HEADER_HEIGHT }}
        >
          {Array.from({ length: Math.max(0, end - first) }, (_, at) => {
            const position = first + at;
            const row = listing.rowAt(position);
            return (
              <GridRow
                key={position}
                id={`${id}-${position}`}
                position={position}
                top={position * ROW_HEIGHT - scroll.offset}
                row={row}
                prefix={prefix}
                isSelected={isRowSelected(selection, row)}
                isCurrent={current?.position === position}
                isDropTarget={row?.kind === "prefix" && row.key === dropPrefix}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function isRowSelected(selection: Selection, row: ListingRow | undefined): boolean {
  const picked = row && pickedOf(row);
  return picked !== undefined && isSelected(selection, picked);
}
