import { type RefObject, useRef, useState } from "react";
import type { SessionDraft } from "../../contract/types";

type InputRef = RefObject<HTMLInputElement | null>;

/** What is typed into the fields for secrets, which only their elements hold. */
export type Secrets = {
  secretRef: InputRef;
  tokenRef: InputRef;
  /** Counts what is typed, and stands for it in the state. */
  edits: number;
  noteEdit: () => void;
  isTyped: () => boolean;
  /** Reads the elements for a draft that leaves. */
  read: () => Partial<SessionDraft>;
  clear: () => void;
};

/** Secrets are read from their elements when a draft leaves, and cleared once it was saved. */
export function useSecrets(): Secrets {
  const [edits, setEdits] = useState(0);
  const secretRef = useRef<HTMLInputElement>(null);
  const tokenRef = useRef<HTMLInputElement>(null);
  return {
    secretRef,
    tokenRef,
    edits,
    noteEdit: () => setEdits(edits + 1),
    isTyped: () => valueOf(secretRef) !== "",
    read: () => {
      const typed = { secret: valueOf(secretRef), sessionToken: valueOf(tokenRef) };
      return {
        ...(typed.secret === "" ? {} : { secret: typed.secret }),
        ...(typed.sessionToken === "" ? {} : { sessionToken: typed.sessionToken }),
      };
    },
    clear: () => {
      for (const ref of [secretRef, tokenRef]) if (ref.current) ref.current.value = "";
    },
  };
}

function valueOf(ref: InputRef): string {
  return ref.current?.value ?? "";
}
