/**
 * The connection form: what is typed, whether it makes sense, and what is asked of the engine.
 *
 * Pure. Secrets are no part of it: they stay in their input elements until the draft leaves, so that
 * no state, cache or log of the window ever holds one.
 */

import type { Session, SessionDraft } from "../../contract/types";
import { connectionStrings as say } from "../../strings/en/connection";

/** Which credentials the form is about. */
export type SourceKind = "keys" | "profile" | "environment" | "anonymous";

/** What is typed, apart from secrets. */
export type ConnectionForm = {
  source: SourceKind;
  name: string;
  endpoint: string;
  region: string;
  pathStyle: "auto" | "on" | "off";
  colour: string;
  readOnly: boolean;
  trustPlainHttp: boolean;
  accessKeyId: string;
  profile: string;
  roleArn: string;
  externalId: string;
};

/** Sentences beside the fields that need a change; none when the form makes sense. */
export type FieldProblems = Partial<Record<keyof ConnectionForm | "secret", string>>;

/** Colours to tell sessions apart; each has 3:1 against both themes' surface. */
export const SWATCHES: readonly { value: string; name: string }[] = [
  { value: "#0b6e8f", name: say.colours.blue },
  { value: "#7a4fd0", name: say.colours.violet },
  { value: "#0b8f6a", name: say.colours.green },
  { value: "#c2571a", name: say.colours.orange },
  { value: "#b3261e", name: say.colours.red },
  { value: "#8a97a3", name: say.colours.grey },
];

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** An empty form. */
export function emptyForm(colour: string): ConnectionForm {
  return {
    source: "keys",
    name: "",
    endpoint: "",
    region: "",
    pathStyle: "auto",
    colour,
    readOnly: false,
    trustPlainHttp: false,
    accessKeyId: "",
    profile: "",
    roleArn: "",
    externalId: "",
  };
}

/** The next colour that no session has; the first when all are taken. */
export function freeColour(sessions: readonly Session[]): string {
  const taken = new Set(sessions.map((session) => session.colour.toLowerCase()));
  const free = SWATCHES.find(({ value }) => !taken.has(value)) ?? SWATCHES[0];
  return free?.value ?? "#0b6e8f";
}

/** The form for a saved session. */
export function formOf(session: Session): ConnectionForm {
  const hop = session.chain[0];
  return {
    ...emptyForm(session.colour),
    ...sourceFields(session),
    name: session.name,
    endpoint: session.endpointUrl ?? "",
    region: session.region,
    pathStyle: session.pathStyle,
    readOnly: session.readOnly,
    trustPlainHttp: session.trustPlainHttp,
    roleArn: hop?.roleArn ?? "",
    externalId: hop?.externalId ?? "",
  };
}

function sourceFields(session: Session): Partial<ConnectionForm> & { source: SourceKind } {
  const { source } = session;
  switch (source.kind) {
    case "profile":
      return { source: "profile", profile: source.name };
    case "environment":
      return { source: "environment" };
    case "keychain":
      return { source: "keys", accessKeyId: source.accessKeyId };
    default:
      return { source: "anonymous" };
  }
}

/** The endpoint with its scheme: plain http for this machine, https for every other host. */
export function endpointUrl(typed: string): URL | undefined {
  const text = typed.trim();
  if (text === "") return undefined;
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${schemeFor(text)}://${text}`;
  try {
    return new URL(whole);
  } catch {
    return undefined;
  }
}

function schemeFor(text: string): string {
  const host = text.split("/", 1)[0]?.replace(/:\d+$/, "") ?? "";
  return LOOPBACK.test(host) ? "http" : "https";
}

/** Whether bodies would cross a network in the clear, which has to be chosen. */
export function isPlainHttpElsewhere(typed: string): boolean {
  const url = endpointUrl(typed);
  return url?.protocol === "http:" && !LOOPBACK.test(url.hostname);
}

/** Whether the kept secret still belongs to the form: another endpoint or key asks for it again. */
export function keepsSecret(form: ConnectionForm, edited: Session | undefined): boolean {
  if (edited === undefined || edited.needsSecret || edited.source.kind !== "keychain") return false;
  const same = endpointUrl(form.endpoint)?.href === endpointUrl(edited.endpointUrl ?? "")?.href;
  return same && form.accessKeyId.trim() === edited.source.accessKeyId;
}

/** What keeps the form from being tried. */
export function problemsOf(form: ConnectionForm, needsSecret: boolean): FieldProblems {
  const problems: FieldProblems = {};
  const endpoint = endpointProblem(form.endpoint);
  if (endpoint !== undefined) problems.endpoint = endpoint;
  if (form.source === "anonymous" && form.roleArn.trim() !== "") problems.roleArn = say.anonymousRole;
  else if (form.roleArn.trim() !== "" && !ROLE_ARN.test(form.roleArn.trim())) {
    problems.roleArn = say.badRoleArn;
  }
  if (form.source === "keys" && form.accessKeyId.trim() === "") problems.accessKeyId = say.noKeyId;
  if (form.source === "keys" && needsSecret) problems.secret = say.noSecret;
  if (form.source === "profile" && form.profile === "") problems.profile = say.noProfile;
  return problems;
}

function endpointProblem(typed: string): string | undefined {
  if (typed.trim() === "") return undefined;
  const url = endpointUrl(typed);
  if (url === undefined || url.hostname === "") return say.badEndpoint;
  if (url.protocol !== "http:" && url.protocol !== "https:") return say.badScheme;
  if (url.username !== "" || url.password !== "") return say.userinfo;
  if (url.search !== "" || url.hash !== "") return say.query;
  return undefined;
}

/** The name to show: what was typed, or else the host, the profile or the source. */
export function nameOf(form: ConnectionForm): string {
  const typed = form.name.trim();
  if (typed !== "") return typed;
  if (form.source === "profile" && form.profile !== "") return form.profile;
  const host = endpointUrl(form.endpoint)?.host;
  if (host !== undefined && host !== "") return host;
  return say.sources[form.source].name;
}

/** What is asked of the engine; the secret is added where it leaves. */
export function draftOf(form: ConnectionForm, id: string | undefined): SessionDraft {
  const roleArn = form.roleArn.trim();
  const externalId = form.externalId.trim();
  const hop = { roleArn, externalId: externalId === "" ? null : externalId };
  return {
    id: id ?? null,
    name: nameOf(form),
    colour: form.colour,
    source: sourceOf(form),
    chain: roleArn === "" ? [] : [{ ...hop, sessionName: null, durationSeconds: null }],
    endpointUrl: endpointUrl(form.endpoint)?.href.replace(/\/$/, "") ?? null,
    region: form.region.trim() === "" ? null : form.region.trim(),
    pathStyle: form.pathStyle,
    readOnly: form.readOnly,
    trustPlainHttp: form.trustPlainHttp && isPlainHttpElsewhere(form.endpoint),
    secret: null,
    sessionToken: null,
  };
}

function sourceOf(form: ConnectionForm): SessionDraft["source"] {
  switch (form.source) {
    case "keys":
      return { kind: "keychain", accessKeyId: form.accessKeyId.trim() };
    case "profile":
      return { kind: "profile", name: form.profile };
    case "environment":
      return { kind: "environment" };
    case "anonymous":
      return { kind: "anonymous" };
  }
}

/** Tells two states of the form apart, so that a passed test counts for what was tested only. */
export function fingerprint(form: ConnectionForm, secretEdits: number): string {
  const { name: _name, colour: _colour, ...tested } = form;
  return JSON.stringify([tested, secretEdits]);
}
