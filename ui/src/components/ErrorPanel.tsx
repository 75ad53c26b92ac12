import type { ReactNode } from "react";
import type { AppError } from "../contract/types";
import { detailsOf } from "./errorDetails";
import { copyText } from "../lib/clipboard";
import { showKey } from "../lib/keys";
import { notify } from "../state/notices";
import { componentStrings as say } from "../strings/en/components";
import { Button } from "./Button";
import styles from "./ErrorPanel.module.css";
import { Icon } from "./Icon";

type Props = {
  error: AppError;
  onRetry?: (() => void) | undefined;
  /** Other ways on. */
  actions?: ReactNode;
};

/** An error beside what it is about: what happened, what to do, the request id, and ways on. */
export function ErrorPanel({ error, onRetry, actions }: Props) {
  const copy = async () => {
    if (await copyText(detailsOf(error))) notify({ tone: "good", text: say.copied });
  };
  return (
    <div className={styles.panel} role="alert">
      <Icon name="warning" className={styles.icon} />
      <div className={styles.text}>
        <div data-selectable>{showKey(error.message)}</div>
        {error.advice && <div data-selectable>{showKey(error.advice)}</div>}
        {error.requestId && (
          <div className="dim" data-selectable>
            {say.requestId(error.requestId)}
          </div>
        )}
        <div className={styles.actions}>
          {onRetry && (
            <Button size="small" onPress={onRetry}>
              {say.retry}
            </Button>
          )}
          {actions}
          <Button size="small" variant="quiet" onPress={copy}>
            {say.copyDetails}
          </Button>
        </div>
      </div>
    </div>
  );
}
