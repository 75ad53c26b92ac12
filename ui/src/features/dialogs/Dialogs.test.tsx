import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { failure, setFakeHost } from "../../host/fakeHost";
import { closeDialog, type DialogRequest, openDialog, openDialogs } from "../../state/dialogs";
import { Dialogs } from "./Dialogs";
import { aPlan } from "./testPlan";

const place = { session: "s", bucket: "archive", prefix: "2026/" };

function open(request: DialogRequest, answers: Parameters<typeof setFakeHost>[0] = {}) {
  const asked = setFakeHost(answers);
  render(
    <>
      <button type="button">Opener</button>
      <Dialogs />
    </>,
  );
  screen.getByRole("button", { name: "Opener" }).focus();
  act(() => {
    openDialog(request);
  });
  return { asked, user: userEvent.setup({ delay: null }) };
}

const press = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>("button", { name });
const isGone = () => waitFor(() => expect(openDialogs(), "it closed").toEqual([]));

afterEach(() => act(() => openDialogs().forEach(({ id }) => closeDialog(id))));

describe("the plan dialog", () => {
  it("starts the plan and closes", async () => {
    const { asked, user } = open(
      { kind: "plan", plan: aPlan() },
      { plan_start: () => ({ job: "j" }) },
    );
    await user.click(press("Upload 2 files"));
    await isGone();
    expect(asked).toEqual([{ name: "plan_start", args: { plan: "plan-1" } }]);
  });

  it("drops the plan when it is left by Escape", async () => {
    const { asked, user } = open({ kind: "plan", plan: aPlan() }, { plan_drop: () => null });
    await user.keyboard("{Escape}");
    await isGone();
    expect(asked).toEqual([{ name: "plan_drop", args: { plan: "plan-1" } }]);
  });

  it("does not start before a choice about what exists already", async () => {
    const { asked, user } = open(
      { kind: "plan", plan: aPlan({ conflicts: 1 }) },
      { plan_start: () => ({ job: "j" }) },
    );
    expect(press("Upload 2 files").disabled, "nothing is chosen beforehand").toBe(true);
    await user.click(screen.getByText("Keep both"));
    await user.click(press("Upload 2 files"));
    await isGone();
    expect(asked).toEqual([{ name: "plan_start", args: { plan: "plan-1", policy: "keepBoth" } }]);
  });

  it("says what cannot be undone", () => {
    open({ kind: "plan", plan: aPlan({ operation: "delete", reversible: "no" }) });
    expect(screen.getByText("This cannot be undone:")).toBeDefined();
  });

  it("stays open with the reason when the start is refused", async () => {
    const { user } = open(
      { kind: "plan", plan: aPlan() },
      {
        plan_start: () => {
          throw failure("gone", "The plan is not there any more");
        },
        plan_drop: () => null,
      },
    );
    await user.click(press("Upload 2 files"));
    await screen.findByText("The plan is not there any more");
    expect(openDialogs().length).toBe(1);
  });
});

describe("a deletion", () => {
  it("shows its plan before anything is removed", async () => {
    const targets = [{ kind: "object" as const, key: "a.txt" }];
    const { asked } = open(
      { kind: "delete", session: "s", bucket: "archive", targets },
      { plan_delete: () => aPlan({ operation: "delete", title: "a.txt" }), plan_drop: () => null },
    );
    await screen.findByText("Delete a.txt");
    expect(asked.map(({ name }) => name), "nothing was started").toEqual(["plan_delete"]);
  });

  it("says why it cannot be planned, and tries again", async () => {
    let tries = 0;
    const { user } = open(
      { kind: "delete", session: "s", bucket: "archive", targets: [] },
      {
        plan_delete: () => {
          tries += 1;
          if (tries === 1) throw failure("denied", "No right to list archive");
          return aPlan({ operation: "delete", title: "a.txt" });
        },
        plan_drop: () => null,
      },
    );
    await screen.findByText("No right to list archive");
    await user.click(press("Try again"));
    await screen.findByText("Delete a.txt");
  });
});

describe("small dialogs", () => {
  it("make a folder by name", async () => {
    const onMade = vi.fn<(prefix: string) => void>();
    const { asked, user } = open(
      { kind: "newFolder", place, onMade },
      { folder_create: () => ({ prefix: "2026/new/" }) },
    );
    await user.type(screen.getByLabelText("Name"), "new{Enter}");
    await isGone();
    expect(asked[0]?.args).toEqual({ ...place, name: "new" });
    expect(onMade).toHaveBeenCalledWith("2026/new/");
  });

  it("show the server's refusal of a bucket beside its name, and keep the name", async () => {
    const { user } = open(
      { kind: "createBucket", session: "s" },
      {
        bucket_create: () => {
          throw failure("bucketExists", "The name is taken", { advice: "Choose another" });
        },
      },
    );
    await user.type(screen.getByLabelText("Name"), "taken");
    await user.click(press("Create bucket"));
    const field = screen.getByLabelText<HTMLInputElement>("Name");
    await screen.findByText("The name is taken. Choose another");
    expect(field.value).toBe("taken");
    expect(field.getAttribute("aria-invalid")).toBe("true");
  });

  it("say why a bucket was not deleted", async () => {
    const { user } = open(
      { kind: "deleteBucket", session: "s", bucket: "archive" },
      {
        bucket_delete: () => {
          throw failure("bucketNotEmpty", "archive is not empty");
        },
      },
    );
    await user.click(press("Delete bucket"));
    await screen.findByText("archive is not empty");
  });

  it("open a bucket by URI with its folder", async () => {
    const onOpen = vi.fn<(bucket: string, prefix: string) => void>();
    const { user } = open(
      { kind: "openBucket", session: "s", onOpen },
      {
        address_resolve: () => ({ bucket: "archive", prefix: "2026/", select: null }),
        bucket_open: () => ({ name: "archive", created: null, region: null }),
      },
    );
    await user.type(screen.getByLabelText("Bucket or URI"), "archive/2026/{Enter}");
    await waitFor(() => expect(onOpen).toHaveBeenCalledWith("archive", "2026/"));
  });

  it("lead from a new name to the plan of the move", async () => {
    const target = { kind: "object" as const, key: "2026/a.txt" };
    const { asked, user } = open(
      { kind: "rename", session: "s", bucket: "archive", target },
      { plan_move: () => aPlan({ operation: "move", title: "a.txt" }), plan_drop: () => null },
    );
    const field = screen.getByLabelText<HTMLInputElement>("New name");
    expect(field.value).toBe("a.txt");
    await user.clear(field);
    await user.type(field, "b.txt{Enter}");
    await screen.findByText(/^Move a.txt to/);
    expect(asked[0]?.args).toMatchObject({ from: target, to: "2026/b.txt" });
  });

  it("ask the shell about a typed path and stay when it says no", async () => {
    const { asked, user } = open({ kind: "typedPath", place }, { path_confirm: () => null });
    await user.type(screen.getByLabelText("Path"), "/srv/data{Enter}");
    await waitFor(() => expect(asked.length).toBe(1));
    expect(screen.getByLabelText<HTMLInputElement>("Path").value, "to be corrected").toBe("/srv/data");
    expect(await screen.findByText(/You did not allow this path/), "it is said").toBeDefined();
  });

  it("try again after the keychain was unlocked", async () => {
    let isLocked = true;
    const onRetry = async () => {
      if (isLocked) throw failure("keychainLocked", "Still locked");
    };
    const { user } = open({ kind: "keychain", reason: "It is locked", onRetry });
    await user.click(press("Try again"));
    await screen.findByText("Still locked");
    isLocked = false;
    await user.click(screen.getAllByRole("button", { name: "Try again" }).at(-1) as HTMLElement);
    await isGone();
  });

  it("give the focus back to what had it", async () => {
    const { user } = open({ kind: "newFolder", place });
    await user.keyboard("{Escape}");
    await isGone();
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Opener"));
  });
});
