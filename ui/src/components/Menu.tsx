import { type ReactElement, useRef } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { cx } from "../lib/cx";
import { Icon, type IconName } from "./Icon";
import styles from "./Menu.module.css";

export type MenuEntry =
  | {
      id: string;
      label: string;
      icon?: IconName;
      /** The keys that do the same, shown at the right. */
      keys?: string;
      danger?: boolean;
      isDisabled?: boolean;
      onAction: () => void;
    }
  | { id: string; separator: true };

function MenuBody({ label, entries }: { label: string; entries: readonly MenuEntry[] }) {
  return (
    <AriaMenu className={styles.menu ?? ""} aria-label={label}>
      {entries.map((entry) =>
        "separator" in entry ? (
          <Separator key={entry.id} className={styles.separator ?? ""} />
        ) : (
          <MenuItem
            key={entry.id}
            id={entry.id}
            textValue={entry.label}
            isDisabled={entry.isDisabled ?? false}
            className={cx(styles.item, entry.danger && styles.danger)}
            onAction={entry.onAction}
          >
            {entry.icon && <Icon name={entry.icon} />}
            <span className={styles.label}>{entry.label}</span>
            {entry.keys && <kbd className={styles.keys}>{entry.keys}</kbd>}
          </MenuItem>
        ),
      )}
    </AriaMenu>
  );
}

type MenuButtonProps = { label: string; entries: readonly MenuEntry[]; children: ReactElement };

/** A menu that opens from the button given as its child. */
export function MenuButton({ label, entries, children }: MenuButtonProps) {
  return (
    <MenuTrigger>
      {children}
      <Popover className={styles.popover ?? ""} placement="bottom end" offset={4}>
        <MenuBody label={label} entries={entries} />
      </Popover>
    </MenuTrigger>
  );
}

export type Point = { x: number; y: number };

type ContextMenuProps = {
  label: string;
  entries: readonly MenuEntry[];
  /** Where it opens in CSS pixels of the window; null is closed. */
  at: Point | null;
  onClose: () => void;
};

/** A menu at a point of the window, for a secondary click or the menu key. */
export function ContextMenu({ label, entries, at, onClose }: ContextMenuProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span
        ref={anchor}
        className={styles.anchor}
        style={{ left: at?.x ?? 0, top: at?.y ?? 0 }}
        aria-hidden="true"
      />
      {at && (
        <MenuTrigger isOpen onOpenChange={(open) => !open && onClose()}>
          <Popover
            key={`${at.x},${at.y}`}
            className={styles.popover ?? ""}
            triggerRef={anchor}
            placement="bottom start"
            offset={2}
          >
            <MenuBody label={label} entries={entries} />
          </Popover>
        </MenuTrigger>
      )}
    </>
  );
}
