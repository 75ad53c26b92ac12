/** A session in words. */

import type { Session, Source } from "../../contract/types";
import { sessionStrings as say } from "../../strings/en/sessions";

/** `1111 2222 3333`; what is no AWS account stays as it is. */
export function accountText(account: string): string {
  return /^\d{12}$/.test(account) ? account.replace(/(\d{4})(?=\d)/g, "$1 ") : account;
}

/** The endpoint's host; none for AWS. */
export function endpointHost(session: Session): string | undefined {
  if (session.endpointUrl === null) return undefined;
  try {
    return new URL(session.endpointUrl).host;
  } catch {
    return session.endpointUrl;
  }
}

function sourceText(source: Source): string {
  return source.kind === "profile" ? say.source.profile(source.name) : say.source[source.kind];
}

/** The last part of a role's ARN: what people call it. */
export function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/**
 * From where the credentials come, and through which roles. Without roles a source that is called
 * as the session is would say its name twice, and is left out.
 */
export function chainOf(session: Session): string[] {
  const source = sourceText(session.source);
  const roles = session.chain.map((hop) => roleName(hop.roleArn));
  return roles.length === 0 && source === session.name ? [] : [source, ...roles];
}

/** Account or host, and region; a host that is the session's name is not said again. */
export function whereabouts(session: Session): string {
  const host = endpointHost(session);
  const parts = [
    session.account === null ? undefined : accountText(session.account),
    host === session.name ? undefined : host,
    session.region,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}
