import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { cx } from "../lib/cx";
import styles from "./Dialog.module.css";

type Props = {
  isOpen: boolean;
  /** Escape, a click outside, or a button that closes. */
  onClose: () => void;
  title: string;
  subtitle?: ReactNode;
  children: ReactNode;
  /** A remark at the left of the buttons. */
  footnote?: ReactNode;
  /** Buttons, the one that goes ahead last. */
  actions?: ReactNode;
  width?: "narrow" | "medium" | "wide";
  /** While an answer is awaited a click outside does not close. */
  isDismissable?: boolean;
  role?: "dialog" | "alertdialog";
};

/** A card over the window that keeps the keyboard until it is closed. */
export function Dialog(props: Props) {
  const { isOpen, onClose, title, subtitle, children, footnote, actions } = props;
  const { width = "medium", isDismissable = true, role = "dialog" } = props;
  return (
    <ModalOverlay
      className={styles.overlay ?? ""}
      isOpen={isOpen}
      isDismissable={isDismissable}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={cx(styles.card, styles[width])}>
        <AriaDialog className={styles.dialog ?? ""} role={role}>
          <header className={styles.header}>
            <Heading slot="title" className={styles.title ?? ""}>
              {title}
            </Heading>
            {subtitle !== undefined && <div className="dim">{subtitle}</div>}
          </header>
          <div className={styles.body}>{children}</div>
          {(actions !== undefined || footnote !== undefined) && (
            <footer className={styles.footer}>
              <span className={styles.footnote}>{footnote}</span>
              {actions}
            </footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
