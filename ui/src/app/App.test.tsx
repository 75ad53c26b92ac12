import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failure } from "../host/fakeHost";
import { setHost } from "../host/host";
import { MemoryHost } from "../host/memory";
import { closeDialog, openDialogs } from "../state/dialogs";
import { App } from "./App";

const PATIENCE = { timeout: 30_000 };

let host: MemoryHost;

beforeEach(() => {
  localStorage.clear();
  // A window of twenty rows; the test's document lays nothing out.
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { get: () => 628, configurable: true });
  host = new MemoryHost();
  setHost(host);
});

afterEach(() => {
  for (const dialog of openDialogs()) closeDialog(dialog.id);
});

/** Renders the window and opens a prefix of twelve rows. */
async function openRaw() {
  const user = userEvent.setup();
  render(<App />);
  await user.click(await screen.findByRole("option", { name: /prod-reader/ }, PATIENCE));
  await user.click(await screen.findByRole("option", { name: "atlas-media" }, PATIENCE));
  await screen.findByRole("row", { name: /^2026\// }, PATIENCE);
  await goTo(user, "s3://atlas-media/2026/raw/");
  await screen.findByRole("row", { name: /lens-report/ }, PATIENCE);
  const grid = screen.getByRole("grid");
  grid.focus();
  return { user, grid };
}

async function goTo(user: ReturnType<typeof userEvent.setup>, address: string) {
  await user.keyboard("{Control>}l{/Control}");
  const field = await screen.findByRole("textbox", { name: "Address" }, PATIENCE);
  await user.clear(field);
  await user.type(field, `${address}{Enter}`);
}

const selected = () =>
  screen
    .queryAllByRole("row")
    .filter((row) => row.getAttribute("aria-selected") === "true")
    .map((row) => row.getAttribute("data-key"));

const RAW = "2026/raw/";

describe("the grid", () => {
  test("is walked by arrows, ends, ranges and names", async () => {
    const { user, grid } = await openRaw();
    expect(grid.getAttribute("aria-rowcount"), "twelve rows and the head").toBe("13");
    await user.keyboard("{Home}");
    await waitFor(() => expect(selected()).toEqual([`${RAW}dailies/`]), PATIENCE);
    await user.keyboard("{ArrowDown}{ArrowDown}");
    await waitFor(() => expect(selected()).toEqual([`${RAW}call-sheet-1114.pdf`]), PATIENCE);
    await user.keyboard("{Shift>}{ArrowDown}{/Shift}");
    await waitFor(() => expect(selected()).toHaveLength(2), PATIENCE);
    await user.keyboard("{End}");
    await waitFor(() => expect(selected()).toEqual([`${RAW}sound-roll-119.wav`]), PATIENCE);
    await user.keyboard("len");
    await waitFor(() => expect(selected()).toEqual([`${RAW}lens-report.csv`]), PATIENCE);
    const current = grid.getAttribute("aria-activedescendant") ?? "";
    expect(document.getElementById(current)?.getAttribute("data-key")).toBe(`${RAW}lens-report.csv`);
  });

  test("selects all, asks before it deletes, and lets go", async () => {
    const { user } = await openRaw();
    await user.keyboard("{Control>}a{/Control}");
    expect(await screen.findByText(/12 of 12 selected/, {}, PATIENCE)).toBeTruthy();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(selected()).toEqual([]), PATIENCE);
    await user.keyboard("{Home}{Delete}");
    expect(await screen.findByRole("button", { name: /Delete 1 object/ }, PATIENCE)).toBeTruthy();
  });

  test("opens folders with Enter and leaves them with Backspace", async () => {
    const { user } = await openRaw();
    await user.keyboard("{Home}");
    await waitFor(() => expect(selected()).toHaveLength(1), PATIENCE);
    await user.keyboard("{Enter}");
    await screen.findByRole("row", { name: /a\.mov/ }, PATIENCE);
    await user.keyboard("{Backspace}");
    await waitFor(() => expect(selected()).toEqual([`${RAW}dailies/`]), PATIENCE);
  });

  test("sorts by a column's head and says which way", async () => {
    const { user } = await openRaw();
    const head = screen.getByRole("columnheader", { name: /Size/ });
    await user.click(within(head).getByRole("button"));
    expect(head.getAttribute("aria-sort")).toBe("descending");
    await waitFor(
      () => expect(screen.getAllByRole("row")[3]?.getAttribute("data-key")).toMatch(/pan-04/),
      PATIENCE,
    );
  });
});

describe("the address", () => {
  test("selects the object that it names and shows its details", async () => {
    const { user } = await openRaw();
    await goTo(user, "s3://atlas-media/readme.txt");
    await waitFor(() => expect(selected()).toEqual(["readme.txt"]), PATIENCE);
    await user.click(screen.getByRole("button", { name: "Show details" }));
    expect(await screen.findByRole("heading", { name: "readme.txt" }, PATIENCE)).toBeTruthy();
  });

  test("keeps a text that leads nowhere and says why", async () => {
    const { user } = await openRaw();
    await goTo(user, "s3://nobody/x");
    expect(await screen.findByText(/There is no bucket nobody/, {}, PATIENCE)).toBeTruthy();
    const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Address" });
    expect(field.value).toBe("s3://nobody/x");
  });
});

describe("what went wrong", () => {
  test("is shown in place of the rows with what leads on", async () => {
    host.listingFailure = {
      after: 0,
      error: failure("denied", "prod-reader may not list atlas-press-kit", {
        advice: "Ask for s3:ListBucket",
        requestId: "4442587FB7D0A2F9",
      }),
    };
    const user = userEvent.setup();
    render(<App />);
    await user.click(await screen.findByRole("option", { name: /prod-reader/ }, PATIENCE));
    await user.click(await screen.findByRole("option", { name: "atlas-press-kit" }, PATIENCE));
    const alert = await screen.findByRole("alert", {}, PATIENCE);
    expect(alert.textContent).toContain("prod-reader may not list atlas-press-kit");
    expect(alert.textContent).toContain("Ask for s3:ListBucket");
    expect(alert.textContent).toContain("4442587FB7D0A2F9");
    host.listingFailure = undefined;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("row", { name: /press\.zip/ }, PATIENCE);
  });
});
