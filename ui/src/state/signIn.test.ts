import { afterEach, expect, it, vi } from "vitest";
import type { Session } from "../contract/types";
import { failure, setFakeHost } from "../host/fakeHost";
import { session as sessionOf } from "../host/memory/world";
import { closeDialog, openDialogs } from "./dialogs";
import { sessions } from "./sessions";
import { signIn } from "./signIn";

const aSession = (part: Partial<Session> = {}) =>
  sessionOf("archive", { saved: true, source: { kind: "keychain", accessKeyId: "AK" }, ...part });

const refuses = (code: "needsSignIn" | "keychainLocked") => ({
  session_renew: () => {
    throw failure(code, "no");
  },
});
const shown = () => openDialogs().map(({ request }) => request);

afterEach(() => {
  for (const { id } of openDialogs()) closeDialog(id);
  sessions.set([]);
});

it("asks for a secret that is known to be gone, and nobody else", async () => {
  const session = aSession({ needsSecret: true });
  sessions.set([session]);
  const asked = setFakeHost({});
  await signIn(session.id);
  expect(asked, "the engine has nothing to say to it").toEqual([]);
  expect(shown()).toEqual([{ kind: "connection", session, asksForSecret: true }]);
});

it("asks for a secret that turns out to be gone", async () => {
  const session = aSession();
  sessions.set([session]);
  setFakeHost(refuses("needsSignIn"));
  await signIn(session.id);
  expect(shown()).toEqual([{ kind: "connection", session, asksForSecret: true }]);
});

it("waits for a locked keychain and then goes on", async () => {
  const session = aSession();
  sessions.set([session]);
  setFakeHost(refuses("keychainLocked"));
  const then = vi.fn<() => void>();
  await signIn(session.id, then);
  const [request] = shown();
  if (request?.kind !== "keychain") throw new Error("the dialog of the keychain is open");
  expect(then, "not yet").not.toHaveBeenCalled();
  setFakeHost({ session_renew: () => session });
  await request.onRetry();
  expect(then).toHaveBeenCalledOnce();
});
