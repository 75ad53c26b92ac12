import { useEffect, useState } from "react";
import type { Drop } from "../../contract/types";
import { host } from "../../host/host";
import { startUpload } from "../../state/changes";
import { notify } from "../../state/notices";
import { browserStrings as say } from "../../strings/en/browser";
import { openPlace } from "./actions";
import type { Tab } from "./tab";

/** The prefix of the folder, or of the listing, that lies under a point of the page. */
export function prefixAt(x: number, y: number): string | undefined {
  const element = document.elementFromPoint(x, y)?.closest("[data-drop-prefix]");
  return element?.getAttribute("data-drop-prefix") ?? undefined;
}

/** Takes files that are dragged in from outside; answers the prefix they are over. */
export function useDrops(tab: Tab, isReadOnly: boolean): string | undefined {
  const [over, setOver] = useState<string>();
  useEffect(() => {
    const take = ({ phase, x, y, grants, refused }: Drop) => {
      if (phase === "leave") return setOver(undefined);
      const place = openPlace(tab);
      const prefix = place && prefixAt(x, y);
      if (phase === "over") return setOver(isReadOnly ? undefined : prefix);
      setOver(undefined);
      if (isReadOnly) notify({ tone: "warn", text: say.dropReadOnly });
      else if (!place || prefix === undefined) notify({ tone: "warn", text: say.dropNowhere });
      else void startUpload(grants.map((grant) => grant.id), { ...place, prefix }, refused);
      return undefined;
    };
    return host().subscribe("drops", (message) => take(message.drop));
  }, [tab, isReadOnly]);
  return over;
}
