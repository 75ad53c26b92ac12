import { type CSSProperties, useState } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { Badge } from "../../components/Badge";
import { IconButton } from "../../components/IconButton";
import { ContextMenu, type MenuEntry, type Point } from "../../components/Menu";
import type { Session } from "../../contract/types";
import { cx } from "../../lib/cx";
import { formatLeft } from "../../lib/time";
import { useNow } from "../../lib/useNow";
import { openDialog } from "../../state/dialogs";
import { useSessions } from "../../state/sessions";
import { askForSecret, signIn } from "../../state/signIn";
import { browserStrings as say } from "../../strings/en/browser";
import { sessionStrings } from "../../strings/en/sessions";
import styles from "./Sidebar.module.css";
import type { Tab } from "./tab";

type Props = { tab: Tab; chosen: string | undefined };

/** All sessions, each in its colour; choosing one shows its buckets. */
export function SessionList({ tab, chosen }: Props) {
  const sessions = useSessions();
  const [menu, setMenu] = useState<{ at: Point; session: Session }>();
  const choose = (id: string) => {
    if (id !== tab.place?.session) tab.go({ session: id, bucket: null, prefix: "" });
  };
  return (
    <>
      <div className={styles.head}>
        <h2 className={styles.title}>{say.sessions}</h2>
        <IconButton
          icon="plus"
          size="small"
          label={say.newSession}
          onPress={() => openDialog({ kind: "connection", onSaved: choose })}
        />
      </div>
      <div
        role="presentation"
        onContextMenu={(event) => {
          event.preventDefault();
          const session = sessions.find((known) => known.id === keyAt(event.target));
          if (session) setMenu({ at: pointOf(event), session });
        }}
      >
        <ListBox
          aria-label={say.sessions}
          selectionMode="single"
          selectionBehavior="toggle"
          disallowEmptySelection
          selectedKeys={chosen === undefined ? [] : [chosen]}
          onSelectionChange={(keys) => {
            const [key] = keys === "all" ? [] : [...keys];
            if (key !== undefined) choose(String(key));
          }}
        >
          {sessions.map((session) => (
            <ListBoxItem
              key={session.id}
              id={session.id}
              textValue={session.name}
              className={cx(styles.item, "roled")}
              style={{ "--role": session.colour } as CSSProperties}
            >
              <span className={styles.dot} />
              <span className={styles.grow}>{session.name}</span>
              <SessionNote session={session} />
            </ListBoxItem>
          ))}
        </ListBox>
      </div>
      <ContextMenu
        label={say.sessionMenu(menu?.session.name ?? "")}
        at={menu?.at ?? null}
        entries={menu ? entriesOf(menu.session, tab) : []}
        onClose={() => setMenu(undefined)}
      />
    </>
  );
}

function SessionNote({ session }: { session: Session }) {
  const now = useNow(session.expires !== null);
  if (session.needsSecret) {
    return (
      <Badge tone="warn" title={sessionStrings.needsSecretHint}>
        {sessionStrings.needsSecretShort}
      </Badge>
    );
  }
  if (session.problem !== null) {
    return (
      <Badge tone="warn" title={session.problem}>
        {say.problem}
      </Badge>
    );
  }
  if (session.expires !== null) {
    return <span className={styles.note}>{formatLeft(session.expires - now)}</span>;
  }
  if (session.readOnly) return <span className={styles.note}>{say.readOnly}</span>;
  if (session.source.kind === "anonymous") return <span className={styles.note}>{say.anonymous}</span>;
  if (isLocal(session.endpointUrl)) return <span className={styles.note}>{say.local}</span>;
  return null;
}

function isLocal(url: string | null): boolean {
  return url !== null && /^https?:\/\/(127\.|localhost|\[::1\])/.test(url);
}

function entriesOf(session: Session, tab: Tab): MenuEntry[] {
  const entries: MenuEntry[] = [
    session.needsSecret
      ? {
          id: "secret",
          label: sessionStrings.enterSecret,
          icon: "key",
          onAction: () => askForSecret(session),
        }
      : {
          id: "renew",
          label: sessionStrings.signIn,
          icon: "refresh",
          onAction: () => void signIn(session.id, () => tab.refresh()),
        },
  ];
  if (!session.saved) return entries;
  return [
    {
      id: "edit",
      label: say.editSession,
      icon: "edit",
      onAction: () => openDialog({ kind: "connection", session }),
    },
    ...entries,
    { id: "line", separator: true },
    {
      id: "remove",
      label: say.removeSession,
      icon: "trash",
      danger: true,
      onAction: () =>
        openDialog({
          kind: "removeSession",
          session,
          onRemoved: () => tab.leave((place) => place.session === session.id),
        }),
    },
  ];
}

/** The key of the list's item that an event is about. */
export function keyAt(target: EventTarget): string | null {
  return target instanceof Element
    ? (target.closest("[data-key]")?.getAttribute("data-key") ?? null)
    : null;
}

/** Where a menu opens: at the pointer, or below the item when a key asked for it. */
export function pointOf(event: { clientX: number; clientY: number; target: EventTarget }): Point {
  if (event.clientX !== 0 || event.clientY !== 0) return { x: event.clientX, y: event.clientY };
  const box = event.target instanceof Element ? event.target.getBoundingClientRect() : undefined;
  return { x: (box?.left ?? 0) + 24, y: box?.bottom ?? 0 };
}
