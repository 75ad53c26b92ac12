import { useEffect, useState } from "react";
import { host } from "../../host/host";

/** Whether a secret would be kept in memory only, for want of a keychain; undefined until known. */
export function useMemoryOnly(): boolean | undefined {
  const [memoryOnly, setMemoryOnly] = useState<boolean>();
  useEffect(() => {
    let isCurrent = true;
    host()
      .call("keychain_state", {})
      .then((keychain) => isCurrent && setMemoryOnly(keychain.memoryOnly))
      .catch(() => {
        // Nothing is said of the keychain then; the saved session tells.
      });
    return () => {
      isCurrent = false;
    };
  }, []);
  return memoryOnly;
}
