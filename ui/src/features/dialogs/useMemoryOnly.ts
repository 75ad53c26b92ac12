import { useEffect, useState } from "react";
import { host } from "../../host/host";

/** Whether secrets are kept in memory only, for want of a keychain; undefined until that is known. */
export function useMemoryOnly(): boolean | undefined {
  const [memoryOnly, setMemoryOnly] = useState<boolean>();
  useEffect(() => {
    let isCurrent = true;
    host()
      .call("app_info", {})
      .then((info) => isCurrent && setMemoryOnly(info.memoryOnly))
      .catch(() => {
        // Nothing is said of the keychain then; saving will tell.
      });
    return () => {
      isCurrent = false;
    };
  }, []);
  return memoryOnly;
}
