import { useEffect, useState } from "react";
import type { KeychainState } from "../../contract/types";
import { host } from "../../host/host";

/** What is known of this computer's keychain; undefined until the engine said so. */
export function useKeychain(): KeychainState | undefined {
  const [state, setState] = useState<KeychainState>();
  useEffect(() => {
    let isCurrent = true;
    host()
      .call("app_info", {})
      .then((info) => isCurrent && setState(info.keychain))
      .catch(() => {
        // Nothing is said of the keychain then; saving will tell.
      });
    return () => {
      isCurrent = false;
    };
  }, []);
  return state;
}
