import type { ReactNode } from "react";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import type { AppError } from "../../contract/types";
import { showKey } from "../../lib/keys";
import type { Listing } from "../../state/listing";
import { useStore } from "../../state/store";
import { browserStrings as say } from "../../strings/en/browser";
import { FailureState } from "./FailureState";
import styles from "./ListingStates.module.css";
import { openByName } from "./openByName";
import type { Tab } from "./tab";

type Props = { tab: Tab; listing: Listing };

/** What lies over the rows while there are none to show. */
export function ListingStates({ tab, listing }: Props) {
  const { status, error } = useStore(listing.state);
  const { view } = useStore(tab.state);
  const failure = error ?? (status?.phase === "failed" ? status.error : null);
  if (status && status.rows > 0) return null;
  if (failure) return <Failed tab={tab} error={failure} session={listing.place.session} />;
  if (!status || status.phase === "running") return status?.total ? null : <Skeleton />;
  if (status.phase === "cancelled") {
    return (
      <Over>
        <EmptyState
          icon="pause"
          title={say.cancelledTitle}
          actions={<Button onPress={() => tab.refresh()}>{say.retry}</Button>}
        >
          {say.cancelledText}
        </EmptyState>
      </Over>
    );
  }
  if (view.filter !== "") {
    return (
      <Over>
        <EmptyState icon="search" title={say.noMatchTitle(showKey(view.filter))}>
          {say.noMatchText(status.total)}
        </EmptyState>
      </Over>
    );
  }
  const isTop = listing.place.prefix === "";
  return (
    <Over>
      <EmptyState icon="upload" title={isTop ? say.emptyBucketTitle : say.emptyTitle}>
        {say.emptyText}
      </EmptyState>
    </Over>
  );
}

function Over({ children }: { children: ReactNode }) {
  return <div className={styles.over}>{children}</div>;
}

function Skeleton() {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      {[62, 38, 71, 45, 55, 34, 66, 48, 59, 41].map((width) => (
        <span key={width} style={{ width: `${width / 2}%` }} />
      ))}
    </div>
  );
}

type FailedProps = { tab: Tab; error: AppError; session: string };

function Failed({ tab, error, session }: FailedProps) {
  return (
    <Over>
      <FailureState
        error={error}
        session={session}
        onRetry={() => tab.refresh()}
        actions={
          error.code === "denied" && (
            <Button onPress={() => openByName(tab, session)}>{say.openBucket}</Button>
          )
        }
      />
    </Over>
  );
}
