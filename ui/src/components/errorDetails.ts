import type { AppError } from "../contract/types";
import { componentStrings as say } from "../strings/en/components";

/** Everything worth sending to whoever runs the server; it holds no secret. */
export function detailsOf(error: AppError): string {
  return [
    `${error.code}: ${error.message}`,
    error.advice ?? "",
    error.requestId ? say.requestId(error.requestId) : "",
    error.detail ?? "",
  ]
    .filter((line) => line !== "")
    .join("\n");
}
