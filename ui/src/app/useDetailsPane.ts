import { useEffect, useState } from "react";

export type DetailsPane = {
  isShown: boolean;
  toggle: () => void;
  /** Shows it and gives it the keyboard. */
  focus: () => void;
};

/** Below this width the rows need the room. */
const WIDE = "(min-width: 1100px)";

/** Whether the inspector is shown: as the width allows, until a person says otherwise. */
export function useDetailsPane(): DetailsPane {
  const [isWide, setWide] = useState(() => window.matchMedia(WIDE).matches);
  const [said, setSaid] = useState<boolean>();
  useEffect(() => {
    const media = window.matchMedia(WIDE);
    const change = () => {
      setWide(media.matches);
      setSaid(undefined);
    };
    media.addEventListener("change", change);
    return () => media.removeEventListener("change", change);
  }, []);
  const isShown = said ?? isWide;
  return {
    isShown,
    toggle: () => setSaid(!isShown),
    focus: () => {
      setSaid(true);
      // The pane is rendered in the next turn when it was hidden.
      setTimeout(() => document.querySelector<HTMLElement>("[data-inspector]")?.focus());
    },
  };
}
