import { dismissNotice, type Notice, type NoticeTone, useNotices } from "../state/notices";
import { componentStrings as say } from "../strings/en/components";
import { cx } from "../lib/cx";
import { showKey } from "../lib/keys";
import { Button } from "./Button";
import { Icon, type IconName } from "./Icon";
import { IconButton } from "./IconButton";
import styles from "./Notices.module.css";

const ICONS = { info: "info", good: "check", warn: "warning", bad: "warning" } satisfies Record<
  NoticeTone,
  IconName
>;

function NoticeCard({ notice }: { notice: Notice }) {
  const { action } = notice;
  return (
    <li className={cx(styles.notice, styles[notice.tone])}>
      <Icon name={ICONS[notice.tone]} />
      <div className={styles.text}>
        <div>{showKey(notice.text)}</div>
        {notice.detail && <div className="dim">{showKey(notice.detail)}</div>}
      </div>
      {action && (
        <Button
          variant="link"
          onPress={() => {
            dismissNotice(notice.id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton
        icon="close"
        size="small"
        label={say.dismiss}
        onPress={() => dismissNotice(notice.id)}
      />
    </li>
  );
}

/** The region where notices appear; it is always there, so that assistive technology hears them. */
export function Notices() {
  const notices = useNotices();
  return (
    <section aria-label={say.notices} aria-live="polite">
      <ul className={styles.list}>
        {notices.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} />
        ))}
      </ul>
    </section>
  );
}
