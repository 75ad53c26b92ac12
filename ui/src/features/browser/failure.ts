/** How a failure of listing is titled, and what leads on from it. */

import type { IconName } from "../../components/Icon";
import type { AppError, ErrorCode } from "../../contract/types";
import { browserStrings as say } from "../../strings/en/browser";

const NEEDS_SIGN_IN: readonly ErrorCode[] = [
  "needsSignIn",
  "expired",
  "badCredentials",
  "keychainLocked",
];
const UNREACHABLE: readonly ErrorCode[] = ["offline", "timeout", "refused", "unknownHost", "tls"];

/** Whether signing in again may help. */
export function needsSignIn(error: AppError): boolean {
  return NEEDS_SIGN_IN.includes(error.code);
}

/** A title for what could not be listed. */
export function titleOfFailure(code: ErrorCode): { icon: IconName; title: string } {
  if (code === "denied") return { icon: "lock", title: say.deniedTitle };
  if (code === "noSuchBucket") return { icon: "bucket", title: say.noSuchBucketTitle };
  if (code === "keychainLocked") return { icon: "lock", title: say.keychainLockedTitle };
  if (NEEDS_SIGN_IN.includes(code)) return { icon: "key", title: say.signInTitle };
  if (UNREACHABLE.includes(code)) return { icon: "offline", title: say.offlineTitle };
  return { icon: "warning", title: say.failedTitle };
}
