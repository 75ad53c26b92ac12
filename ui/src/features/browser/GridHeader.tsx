import { Button } from "react-aria-components";
import type { SortColumn } from "../../contract/types";
import { cx } from "../../lib/cx";
import type { ListingView } from "../../state/listing";
import { COLUMNS } from "./columns";
import styles from "./Grid.module.css";

type Props = { view: ListingView; onSort: (column: SortColumn) => void };

/** The heads of the columns; pressing one sorts by it, and again turns the order around. */
export function GridHeader({ view, onSort }: Props) {
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        {COLUMNS.map((column, at) => {
          const isSorted = view.sort === column.id;
          const order = view.descending ? "descending" : "ascending";
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={at + 1}
              aria-sort={isSorted ? order : "none"}
              className={cx(styles.cell, styles.headCell, styles[column.id])}
            >
              <Button className={styles.sort ?? ""} onPress={() => onSort(column.id)}>
                {column.title}
                {isSorted && <span aria-hidden="true">{view.descending ? " ↓" : " ↑"}</span>}
              </Button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
