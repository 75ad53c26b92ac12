import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { Job, JobItem, Verified } from "../../contract/types";
import { setFakeHost } from "../../host/fakeHost";
import { replaceJobs, takeJobs } from "../../state/jobs";
import { aJob } from "./testJob";
import { TransfersDock } from "./TransfersDock";

function show(jobs: Job[], answers: Parameters<typeof setFakeHost>[0] = {}) {
  const asked = setFakeHost({ job_want: () => null, jobs_want_all: () => null, ...answers });
  act(() => replaceJobs(jobs));
  render(<TransfersDock />);
  return { asked, user: userEvent.setup({ delay: null }) };
}

function finished(verified: Verified) {
  const item: JobItem = {
    number: 0,
    source: "/home/ada/report.pdf",
    destination: "s3://archive/2026/report.pdf",
    state: "done",
    skipped: false,
    bytes: 100,
    bytesDone: 100,
    bytesReused: 0,
    verified,
    reason: null,
    code: null,
    requestId: null,
    hostId: null,
    uploadId: null,
  };
  const done = aJob({ state: "done", items: 1, itemsDone: 1, bytesDone: 100 });
  return { done, answer: { job_items: () => [item] } };
}

const row = (title: string) => within(screen.getByRole("listitem", { name: title }));
const barOf = (title: string) => row(title).getByRole("progressbar");

beforeEach(() => localStorage.clear());

describe("the transfers dock", () => {
  it("says what it is for while it is empty", () => {
    show([]);
    expect(screen.getByText("Nothing is on its way")).toBeDefined();
    expect(screen.queryByRole("button", { name: "Pause all" }), "nothing to pause").toBeNull();
    expect(screen.getByRole("region").style.height, "a bar and no more").toBe("33px");
    act(() => replaceJobs([aJob()]));
    expect(screen.getByRole("region").style.height, "a job needs room").toBe("168px");
  });

  it("names a folder with the number of its files, and the whole in a title", () => {
    show([aJob({ title: "renders/", items: 1204, destination: "s3://archive/2026/a/long/way/" })]);
    expect(screen.getByText("renders/ (1,204 files)")).toBeDefined();
    expect(
      screen.getByTitle("renders/ (1,204 files) → s3://archive/2026/a/long/way/ · as Archive"),
    ).toBeDefined();
  });

  it("keeps both ends of a long destination", () => {
    const destination = `s3://archive/${"deep/".repeat(12)}2026-11-14/raw/`;
    show([aJob({ destination })]);
    const tail = screen.getByText("/2026-11-14/raw/");
    expect(tail.parentElement?.textContent, "nothing is lost").toBe(destination);
  });

  it("leads from a failed job to what failed", async () => {
    const failed = aJob({ state: "failed", items: 3, itemsDone: 1, itemsFailed: 1 });
    const { answer } = finished("no");
    const [item] = answer.job_items();
    if (!item) throw new Error("there is an item");
    const items = [item, { ...item, number: 1, state: "failed" as const, reason: "Access denied" }];
    const { user } = show([failed], { job_items: () => items });
    await user.click(screen.getByRole("button", { name: "Show what failed of report.pdf" }));
    const list = await screen.findByRole("list", { name: "Items of report.pdf" });
    expect(within(list).getAllByRole("listitem")[0]?.textContent, "first").toContain("Access denied");
  });

  it("follows a job without ever stepping back", () => {
    show([aJob({ bytesDone: 40, map: "dddd......" })]);
    expect(barOf("report.pdf").getAttribute("aria-valuenow")).toBe("40");
    act(() => takeJobs([aJob({ bytesDone: 20, map: "dd........" })], []));
    expect(barOf("report.pdf").getAttribute("aria-valuenow"), "a late message").toBe("40");
    act(() => takeJobs([aJob({ bytesDone: 20, reason: "The file changed" })], []));
    expect(barOf("report.pdf").getAttribute("aria-valuenow"), "said with a reason").toBe("20");
  });

  it("tells a screen reader how far it is", () => {
    show([aJob({ bytes: 1e9, bytesDone: 5e8, speed: 1e6, eta: 500 })]);
    expect(barOf("report.pdf").getAttribute("aria-valuetext")).toBe(
      "50%, 500 MB of 1 GB, 1 MB/s, 8 min left",
    );
  });

  it("shows what a key hides as an escape", () => {
    show([aJob({ title: "a\u202Efdp.exe", destination: "s3://archive/b\nc" })]);
    expect(screen.getByText("s3://archive/b\\nc"), "a line break in a key").toBeDefined();
    expect(screen.getByText(/^a\\u\{202E\}fdp\.exe/), "a turned direction").toBeDefined();
  });

  it("says names with their escapes to a screen reader as well", async () => {
    const [hostile, shown] = ["a\u202Efdp.exe", "a\\u{202E}fdp.exe"];
    const job = aJob({ title: hostile, bytes: 5e9, bytesDone: 1e9, state: "paused" });
    const { user } = show([{ ...job, reason: `${hostile} changed` }], { job_items: () => [] });
    expect(barOf(shown).getAttribute("aria-label")).toBe(`Progress of ${shown}`);
    for (const action of ["Resume", "Items of", "Cancel"]) {
      expect(screen.getByRole("button", { name: `${action} ${shown}` })).toBeDefined();
    }
    expect(screen.getByText(`${shown} changed`), "the reason").toBeDefined();
    await user.click(screen.getByRole("button", { name: `Cancel ${shown}` }));
    expect(screen.getByRole("heading", { name: `Cancel ${shown}?` })).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Keep going" }));
    act(() => takeJobs([{ ...job, state: "failed", reason: `${hostile} is gone` }], []));
    expect(screen.getByRole("status").textContent).toBe(`${shown}: failed. ${shown} is gone`);
  });

  it("puts what is not over before what is, the newest first", () => {
    show([
      aJob({ id: "1", title: "old but running" }),
      aJob({ id: "2", title: "done", state: "done", operation: "delete" }),
      aJob({ id: "3", title: "new" }),
    ]);
    const titles = screen.getAllByRole("listitem").map((item) => item.getAttribute("aria-label"));
    expect(titles).toEqual(["new", "old but running", "done"]);
  });

  it("pauses, resumes and cancels", async () => {
    const { asked, user } = show([
      aJob({ id: "1", title: "one" }),
      aJob({ id: "2", title: "two", state: "paused" }),
    ]);
    await user.click(screen.getByRole("button", { name: "Pause one" }));
    await user.click(screen.getByRole("button", { name: "Resume two" }));
    await user.click(screen.getByRole("button", { name: "Cancel one" }));
    expect(asked.map(({ args }) => args)).toEqual([
      { id: "1", want: "pause" },
      { id: "2", want: "run" },
      { id: "1", want: "cancel" },
    ]);
  });

  it("asks once before a big job is cancelled", async () => {
    const big = aJob({ title: "film.mov", bytes: 5e9, bytesDone: 1e9 });
    const { asked, user } = show([big]);
    await user.click(screen.getByRole("button", { name: "Cancel film.mov" }));
    expect(asked, "nothing yet").toEqual([]);
    await user.click(screen.getByRole("button", { name: "Cancel the transfer" }));
    expect(asked).toEqual([{ name: "job_want", args: { id: "job-1", want: "cancel" } }]);
  });

  it("lists items with the reasons of those that failed or were left out", async () => {
    const item = {
      number: 0,
      source: "/home/ada/a.txt",
      destination: "s3://archive/a.txt",
      state: "failed" as const,
      skipped: false,
      bytes: 5,
      bytesDone: 0,
      bytesReused: 0,
      verified: "no" as const,
      reason: "Permission denied: a\u202Eb",
      code: "denied" as const,
      requestId: "R7",
      hostId: "H7",
      uploadId: null,
    };
    const { user } = show([aJob({ state: "failed", itemsFailed: 1, reason: "1 file failed" })], {
      job_items: () => [item],
    });
    expect(screen.getByText("1 file failed"), "the job's own reason").toBeDefined();
    await user.click(screen.getByRole("button", { name: "Items of report.pdf" }));
    await screen.findByText("Permission denied: a\\u{202E}b");
    expect(screen.getByText("/home/ada/a.txt")).toBeDefined();
    expect(screen.getByText(/Request id R7/), "the server's keeper finds it by this").toBeDefined();
  });

  it("says verified of content that was checked", async () => {
    const { done, answer } = finished("checksum");
    show([done], answer);
    await screen.findByText("Done · verified");
  });

  it("does not say verified when only the length agrees", async () => {
    const { done, answer } = finished("lengthOnly");
    const { asked } = show([done], answer);
    await waitFor(() => expect(asked.length).toBe(1));
    await screen.findByText("Done");
    expect(screen.queryByText("Done · verified"), "a length is no proof").toBeNull();
  });

  it("announces an end aloud", () => {
    show([aJob()]);
    act(() => takeJobs([aJob({ state: "failed", reason: "The disk is full" })], []));
    expect(screen.getByRole("status").textContent).toBe("report.pdf: failed. The disk is full");
  });

  it("collapses, and grows by keyboard", async () => {
    const { user } = show([aJob()]);
    const splitter = screen.getByRole("separator", { name: "Height of the transfers dock" });
    const before = Number(splitter.getAttribute("aria-valuenow"));
    splitter.focus();
    await user.keyboard("{ArrowUp}");
    expect(Number(splitter.getAttribute("aria-valuenow"))).toBeGreaterThan(before);
    await user.click(screen.getByRole("button", { name: "Collapse transfers" }));
    expect(screen.queryByRole("progressbar"), "rows are hidden").toBeNull();
    await user.click(screen.getByRole("button", { name: "Show transfers" }));
    expect(barOf("report.pdf")).toBeDefined();
  });
});
