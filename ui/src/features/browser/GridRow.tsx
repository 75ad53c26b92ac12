import { memo } from "react";
import { Icon } from "../../components/Icon";
import { KeyText } from "../../components/KeyText";
import type { ListingRow } from "../../contract/types";
import { nameBelow } from "../../lib/keys";
import { cx } from "../../lib/cx";
import { browserStrings as say } from "../../strings/en/browser";
import { COLUMNS, cellText } from "./columns";
import styles from "./Grid.module.css";
import { ROW_HEIGHT } from "./scrollMap";

type Props = {
  id: string;
  position: number;
  /** Where its top is, in pixels below the first drawn pixel. */
  top: number;
  /** None while it has not arrived. */
  row: ListingRow | undefined;
  prefix: string;
  isSelected: boolean;
  isCurrent: boolean;
  isDropTarget: boolean;
};

/** One row; a bar stands for each text that is still on its way. */
export const GridRow = memo(function GridRow(props: Props) {
  const { id, position, top, row, prefix, isSelected, isCurrent, isDropTarget } = props;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={position + 2}
      aria-selected={isSelected}
      aria-busy={row === undefined}
      data-position={position}
      data-key={row?.key}
      data-drop-prefix={row?.kind === "prefix" ? row.key : undefined}
      className={cx(
        styles.row,
        isSelected && styles.selected,
        isCurrent && styles.current,
        isDropTarget && styles.dropTarget,
      )}
      style={{ height: ROW_HEIGHT, transform: `translateY(${top}px)` }}
    >
      {COLUMNS.map((column, at) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 1}
          className={cx(styles.cell, styles[column.id])}
        >
          {row === undefined ? (
            <span className={styles.placeholder} aria-label={at === 0 ? say.rowLoading : undefined} />
          ) : column.id === "name" ? (
            <NameCell row={row} prefix={prefix} />
          ) : (
            cellText(row, column.id)
          )}
        </div>
      ))}
    </div>
  );
});

function NameCell({ row, prefix }: { row: ListingRow; prefix: string }) {
  const name = nameBelow(prefix, row.key);
  return (
    <>
      <Icon name={row.kind === "prefix" ? "folder" : "file"} className={styles.kind} />
      <span className={styles.nameText}>
        {name === "" ? <span className="dim">{say.thisFolder}</span> : <KeyText text={name} />}
      </span>
    </>
  );
}
