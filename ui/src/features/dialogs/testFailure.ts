/** What a failed test is called, and whether the connection may be saved all the same. */

import type { AppError, ErrorCode } from "../../contract/types";
import { connectionStrings as say } from "../../strings/en/connection";

const TITLES: Partial<Record<ErrorCode, string>> = say.errors;

/** The failure in a few words; the engine's sentence follows it. */
export function failureTitle(error: AppError): string {
  return TITLES[error.code] ?? say.errors.other;
}

/** Failures that may pass without the connection being wrong. */
const PASSING: readonly ErrorCode[] = [
  "unknownHost",
  "refused",
  "offline",
  "timeout",
  "needsSignIn",
  "expired",
];

/** Whether it may be saved untested: what the server itself refused may not. */
export function canSaveUntested(error: AppError): boolean {
  return PASSING.includes(error.code) || error.retryable;
}
