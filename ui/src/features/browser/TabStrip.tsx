import { IconButton } from "../../components/IconButton";
import { KeyText } from "../../components/KeyText";
import type { Session } from "../../contract/types";
import { lastName } from "../../lib/keys";
import { chooseTheme, type ThemeChoice, useThemeChoice } from "../../state/theme";
import { browserStrings as say } from "../../strings/en/browser";
import type { Place } from "./history";
import styles from "./TabStrip.module.css";

type Props = {
  place: Place | undefined;
  session: Session | undefined;
  details: { isShown: boolean; toggle: () => void };
};

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = {
  system: "light",
  light: "dark",
  dark: "system",
};

const ICON = { system: "contrast", light: "sun", dark: "moon" } as const;

/** What is open: one place, named by its last step. */
export function TabStrip({ place, session, details }: Props) {
  const theme = useThemeChoice();
  return (
    <div className={styles.tabs}>
      <h1 className={styles.tab}>
        {session && <span className={styles.dot} />}
        <span className={styles.title}>
          <KeyText text={titleOf(place, session)} />
        </span>
      </h1>
      <span className={styles.grow} />
      <IconButton
        icon={ICON[theme]}
        size="small"
        label={say.theme[theme]}
        onPress={() => chooseTheme(NEXT[theme])}
      />
      <IconButton
        icon="panel"
        size="small"
        label={details.isShown ? say.hideInspector : say.showInspector}
        onPress={details.toggle}
      />
    </div>
  );
}

/** `raw — atlas-media`, or what there is of it. */
export function titleOf(place: Place | undefined, session: Session | undefined): string {
  if (!place?.bucket) return session?.name ?? say.nowhere;
  if (place.prefix === "") return place.bucket;
  return say.tabTitle(lastName(place.prefix).replace(/\/$/, "") || "/", place.bucket);
}
