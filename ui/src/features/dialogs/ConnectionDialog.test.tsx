import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionDraft, SessionTest } from "../../contract/types";
import { failure, setFakeHost } from "../../host/fakeHost";
import { sessions } from "../../state/sessions";
import { ConnectionDialog } from "./ConnectionDialog";
import { aSession } from "./testSession";

const works: SessionTest = { identity: null, buckets: 3, notes: [] };
const info = {
  version: "0",
  dataDir: "",
  notes: [],
  unfinished: 0,
} as const;

function open(answers: Parameters<typeof setFakeHost>[0] = {}, session = {}) {
  const asked = setFakeHost({
    app_info: () => ({ ...info, notes: [] }),
    keychain_state: () => ({ memoryOnly: false }),
    session_test: () => works,
    session_save: () => ({ id: "new" }),
    ...answers,
  });
  const onClose = vi.fn<() => void>();
  const onSaved = vi.fn<(id: string) => void>();
  render(<ConnectionDialog {...session} onClose={onClose} onSaved={onSaved} />);
  return { asked, onClose, onSaved, user: userEvent.setup({ delay: null }) };
}

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const press = (name: string) => screen.getByRole("button", { name });

type User = ReturnType<typeof userEvent.setup>;

/** Pasted and not typed: each key renders the dialog, which a busy machine is slow at. */
async function fill(user: User, label: string, text: string) {
  await user.click(field(label));
  await user.paste(text);
}

async function fillKeys(user: User) {
  await fill(user, "Endpoint", "storage.example.com");
  await fill(user, "Access key id", "AKIDEXAMPLE");
  await fill(user, "Secret access key", "hunter2");
}

const draftsOf = (asked: { name: string; args: unknown }[], name: string) =>
  asked.filter((call) => call.name === name).map((call) => call.args as SessionDraft);

beforeEach(() => sessions.set([]));

describe("the connection dialog", () => {
  it("tests before it saves, and saves what was tested", async () => {
    const { asked, onSaved, onClose, user } = open();
    await fillKeys(user);
    const secret = field("Secret access key");
    await user.click(press("Save"));
    await waitFor(() => expect(onSaved).toHaveBeenCalledWith("new"));
    expect(onClose, "it closes itself").toHaveBeenCalled();
    const [tested] = draftsOf(asked, "session_test");
    const [saved] = draftsOf(asked, "session_save");
    expect(tested, "one and the same draft").toEqual(saved);
    expect(saved).toMatchObject({ secret: "hunter2", endpointUrl: "https://storage.example.com" });
    expect(secret.value, "the secret is cleared once it was saved").toBe("");
  });

  it("saves after a passed test without testing again", async () => {
    const { asked, onSaved, user } = open();
    await fillKeys(user);
    await user.click(press("Test"));
    await screen.findByText("3 buckets in sight");
    await user.click(press("Save"));
    await waitFor(() => expect(onSaved).toHaveBeenCalled());
    expect(draftsOf(asked, "session_test").length).toBe(1);
  });

  it("forgets a passed test when the secret is typed over", async () => {
    const { asked, onSaved, user } = open();
    await fillKeys(user);
    await user.click(press("Test"));
    await screen.findByText("It works");
    await fill(user, "Secret access key", "3");
    expect(screen.queryByText("It works"), "it is another secret").toBeNull();
    await user.click(press("Save"));
    await waitFor(() => expect(onSaved).toHaveBeenCalled());
    expect(draftsOf(asked, "session_test").length, "tested anew").toBe(2);
  });

  it("names a wrong secret and does not save", async () => {
    const { asked, user } = open({
      session_test: () => {
        throw failure("badCredentials", "The signature does not match", { requestId: "R1" });
      },
    });
    await fillKeys(user);
    await user.click(press("Save"));
    await screen.findByText("The key or its secret is wrong");
    expect(screen.getByText("The signature does not match")).toBeDefined();
    expect(screen.getByText("Request id R1")).toBeDefined();
    expect(screen.queryByRole("button", { name: "Save anyway" })).toBeNull();
    expect(draftsOf(asked, "session_save")).toEqual([]);
    expect(field("Secret access key").value, "what was typed stays").toBe("hunter2");
  });

  it("saves untested only when a person says so, and only what may pass", async () => {
    const { asked, onSaved, user } = open({
      session_test: () => {
        throw failure("unknownHost", "storage.example.com does not resolve");
      },
    });
    await fillKeys(user);
    await user.click(press("Save"));
    await screen.findByText("There is no such host");
    expect(draftsOf(asked, "session_save"), "not by itself").toEqual([]);
    await user.click(press("Save anyway"));
    await waitFor(() => expect(onSaved).toHaveBeenCalled());
  });

  it("welcomes keys that may not list buckets", async () => {
    const { user } = open({ session_test: () => ({ ...works, buckets: null }) });
    await fillKeys(user);
    await user.click(press("Test"));
    await screen.findByText("It works");
    expect(screen.getByText(/may not list buckets/)).toBeDefined();
  });

  it("says what is missing beside the field and asks nobody", async () => {
    const { asked, user } = open();
    await user.click(press("Save"));
    expect(screen.getByText("Type the access key id")).toBeDefined();
    expect(screen.getByText("Type the secret access key")).toBeDefined();
    expect(asked.filter((call) => call.name !== "keychain_state")).toEqual([]);
  });

  it("keeps a saved secret until endpoint or key are others", async () => {
    const session = aSession({ endpointUrl: "https://host" });
    const { asked, user } = open({}, { session });
    await user.click(press("Test"));
    await screen.findByText("It works");
    expect(draftsOf(asked, "session_test")[0]?.secret, "what is kept is used").toBeNull();
    await fill(user, "Endpoint", ".other");
    await user.click(press("Test"));
    expect(screen.getByText("Type the secret access key")).toBeDefined();
  });

  it("asks for trust only where data would cross a network in the clear", async () => {
    const { user } = open();
    const trust = /Send data unencrypted/;
    await fill(user, "Endpoint", "http://127.0.0.1:9000");
    expect(screen.queryByText(trust), "this machine").toBeNull();
    await user.clear(field("Endpoint"));
    await fill(user, "Endpoint", "http://10.0.0.4:9000");
    expect(screen.getByText(trust)).toBeDefined();
  });

  it("says that a secret is in memory only where there is no keychain", async () => {
    open({ keychain_state: () => ({ memoryOnly: true }) });
    await screen.findByText(/kept in memory only, until Longshore ends/);
    expect(screen.queryByText(/keychain, nowhere else/)).toBeNull();
  });

  it("asks for a secret that is gone, and does not claim to have it", async () => {
    const session = aSession({ endpointUrl: "https://host", needsSecret: true, memoryOnly: true });
    const { asked, onSaved, user } = open({}, { session, asksForSecret: true });
    expect(field("Secret access key").placeholder).toBe("Not kept any more; enter it");
    await user.click(press("Save"));
    expect(screen.getByText("Type the secret access key"), "nothing is kept to use").toBeDefined();
    expect(draftsOf(asked, "session_test")).toEqual([]);
    await fill(user, "Secret access key", "hunter2");
    await user.click(press("Save"));
    await waitFor(() => expect(onSaved).toHaveBeenCalledWith("new"));
  });

  it("says that a secret in memory is kept until the end only", () => {
    open({}, { session: aSession({ memoryOnly: true }) });
    expect(field("Secret access key").placeholder).toBe("Kept until Longshore ends");
  });

  it("lists profiles with what is wrong with them", async () => {
    sessions.set([
      aSession({ id: "p", source: { kind: "profile", name: "acme" }, saved: false, problem: "Line 3" }),
    ]);
    const { user } = open();
    await user.click(screen.getByText("AWS profile"));
    await user.click(screen.getByRole("button", { name: /Profile/ }));
    await user.click(screen.getByRole("option", { name: /acme \(has a problem\)/ }));
    expect(screen.getByText("Line 3")).toBeDefined();
  });
});
