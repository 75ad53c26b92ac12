/** Failures in one line. */

import type { AppError } from "../contract/types";

/** What happened and why, then what to do where there is something. */
export function wordsOf(error: AppError): string {
  const { message, advice } = error;
  if (advice === null || advice === undefined || advice === "") return message;
  return /[.!?]$/.test(message) ? `${message} ${advice}` : `${message}. ${advice}`;
}
