import { Button } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { detailsOf } from "../../components/errorDetails";
import type { AppError } from "../../contract/types";
import { showKey } from "../../lib/keys";
import type { Listing } from "../../state/listing";
import { useStore } from "../../state/store";
import { browserStrings as say } from "../../strings/en/browser";
import { copyAndSay } from "./actions";
import styles from "./ListingBanner.module.css";
import type { Tab } from "./tab";

type Props = { tab: Tab; listing: Listing };

/** Says above the rows that they are not all, or not of now. */
export function ListingBanner({ tab, listing }: Props) {
  const { status, error } = useStore(listing.state);
  const { refreshError } = useStore(tab.state);
  const total = status?.total ?? 0;
  if (refreshError === "stopped") {
    return <Banner tab={tab} text={say.refreshStopped} error={null} />;
  }
  if (refreshError) return <Banner tab={tab} text={say.refreshFailed} error={refreshError} />;
  if (!status || total === 0) return null;
  if (status.phase === "failed") {
    return <Banner tab={tab} text={say.partial(total)} error={status.error} />;
  }
  if (status.phase === "cancelled") {
    return <Banner tab={tab} text={say.partialCancelled(total)} error={null} />;
  }
  return error ? <Banner tab={tab} text={say.failedTitle} error={error} /> : null;
}

type BannerProps = { tab: Tab; text: string; error: AppError | null };

function Banner({ tab, text, error }: BannerProps) {
  return (
    <div className={styles.banner} role="status">
      <Icon name="warning" />
      <div className={styles.text}>
        <div>{text}</div>
        {error && (
          <div className={styles.why}>
            {showKey([error.message, error.advice].filter(Boolean).join(". "))}
          </div>
        )}
      </div>
      {error && (
        <Button size="small" variant="quiet" onPress={() => void copyAndSay(detailsOf(error))}>
          {say.copyDetails}
        </Button>
      )}
      <Button size="small" onPress={() => tab.refresh()}>
        {say.retry}
      </Button>
    </div>
  );
}
