import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Job } from "../../contract/types";
import { cellsOf, MAX_CELLS, readCells, runsOf } from "./partMap";
import { describeProgress, detailText, etaText, percentDone, shareDone, speedText, stateText } from "./progress";
import { announcementOf, speedsOf, summaryText, totalsOf } from "./summary";
import { aJob } from "./testJob";

describe("progress", () => {
  it("never says more than was acknowledged, and 100% of finished jobs only", () => {
    expect(percentDone(aJob({ bytes: 1000, bytesDone: 999 })), "floored").toBe(99);
    expect(percentDone(aJob({ bytes: 10, bytesDone: 10 })), "not verified yet").toBe(99);
    expect(percentDone(aJob({ bytes: 10, bytesDone: 10, state: "done" })), "done").toBe(100);
    expect(percentDone(aJob({ bytes: 10, bytesDone: 25 })), "a bad count is capped").toBe(99);
  });

  it("stays within 0 and 1 whatever the numbers are", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), fc.integer(), (bytes, bytesDone, items, itemsDone) => {
        const share = shareDone(aJob({ bytes, bytesDone, items, itemsDone }));
        return share >= 0 && share <= 1;
      }),
    );
  });

  it("counts what is left out on purpose as settled, and what failed as missing", () => {
    const job = aJob({ bytes: 1000, bytesDone: 250, bytesSkipped: 500, itemsFailed: 1 });
    expect(percentDone(job), "a half left out, a quarter done").toBe(75);
    expect(percentDone({ ...job, state: "failed" }), "the rest never came").toBe(75);
  });

  it("counts items where there are no bytes", () => {
    const job = aJob({ operation: "delete", bytes: 0, items: 8, itemsDone: 3, itemsSkipped: 1 });
    expect(percentDone(job), "three done and one left out, of eight").toBe(50);
  });

  it("words the time that is left in the unit that matters", () => {
    const cases: [number, string][] = [
      [0.4, "1 s left"],
      [18, "18 s left"],
      [240, "4 min left"],
      [3 * 3600, "3 h left"],
      [2 * 3600 + 600, "2 h 10 min left"],
      [86_400 * 3, "3 days left"],
      [86_400 * 90, "over a month left"],
    ];
    for (const [seconds, words] of cases) expect(etaText(seconds), `${seconds} s`).toBe(words);
  });

  it("shows speed and time left only while bytes move", () => {
    const running = aJob({ speed: 212_000_000, eta: 18 });
    expect([speedText(running), stateText(running)]).toEqual(["212 MB/s", "18 s left"]);
    const paused = { ...running, state: "paused" } satisfies Job;
    expect([speedText(paused), stateText(paused)], "a paused job has no speed").toEqual(["", "Paused"]);
  });

  it("says verified only when that is known", () => {
    const done = aJob({ state: "done" });
    expect(stateText(done)).toBe("Done");
    expect(stateText(done, true)).toBe("Done · verified");
  });

  it("tells a screen reader percent, amounts, speed and state", () => {
    const job = aJob({ bytes: 9_200_000_000, bytesDone: 5_900_000_000, speed: 212_000_000, eta: 18 });
    expect(describeProgress(job)).toBe("64%, 5.9 GB of 9.2 GB, 212 MB/s, 18 s left");
  });

  it("says what was not sent again", () => {
    const job = aJob({ items: 2, itemsDone: 1, bytes: 30e6, bytesDone: 20e6, bytesReused: 16e6 });
    expect(detailText(job)).toBe(
      "1 of 2 items · 20 MB of 30 MB · 16 MB were there already and not sent again",
    );
  });
});

describe("the part map", () => {
  it("draws one run for neighbours that look alike", () => {
    expect(runsOf(readCells("ddw..f")), "four looks, five runs at most").toEqual([
      { cell: "done", start: 0, length: 2 },
      { cell: "inFlight", start: 2, length: 1 },
      { cell: "waiting", start: 3, length: 2 },
      { cell: "failed", start: 5, length: 1 },
    ]);
  });

  it("covers every cell exactly once, and never takes an unknown one for done", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (map) => {
        const cells = readCells(map);
        const runs = runsOf(cells);
        const covered = runs.reduce((sum, run) => sum + run.length, 0);
        const done = Array.from(map.slice(0, MAX_CELLS)).filter((char) => char === "d").length;
        return (
          covered === cells.length && cells.filter((cell) => cell === "done").length === done
        );
      }),
    );
  });

  it("is drawn from the share when a job comes without one, never ahead of it", () => {
    const cells = cellsOf(aJob({ map: "", bytes: 1000, bytesDone: 509 }));
    expect(cells.length).toBe(MAX_CELLS);
    expect(cells.filter((cell) => cell === "done").length, "50.9% of 96, floored").toBe(48);
  });
});

describe("the header", () => {
  it("counts the states that matter, in the order of concern", () => {
    const jobs = [
      aJob({ id: "1" }),
      aJob({ id: "2", state: "verifying" }),
      aJob({ id: "3", state: "waitingForSignIn" }),
      aJob({ id: "4", state: "done" }),
    ];
    expect(summaryText(jobs)).toBe("2 running · 1 waiting for sign-in · 1 done");
    expect(summaryText([]), "nothing is said of nothing").toBe("");
  });

  it("adds up speeds by direction, of running jobs only", () => {
    const jobs = [
      aJob({ id: "1", speed: 5 }),
      aJob({ id: "2", speed: 7, operation: "download" }),
      aJob({ id: "3", speed: 9, state: "paused" }),
    ];
    expect(speedsOf(jobs)).toEqual({ up: 5, down: 7 });
  });

  it("offers only what would do something", () => {
    const offers = (...jobs: Job[]) => {
      const { canPause, canResume, canClear } = totalsOf(jobs);
      return { canPause, canResume, canClear };
    };
    const none = { canPause: false, canResume: false, canClear: false };
    expect(offers(), "without jobs").toEqual(none);
    expect(offers(aJob({ state: "paused" }))).toEqual({ ...none, canResume: true });
    expect(offers(aJob({ state: "done" }))).toEqual({ ...none, canClear: true });
  });

  it("announces ends and waits, not progress", () => {
    const running = aJob({ title: "a.txt" });
    expect(announcementOf(running, { ...running, bytesDone: 5 }), "progress is not said").toBe("");
    expect(announcementOf(running, { ...running, state: "done" })).toBe("a.txt: done");
    expect(
      announcementOf(running, { ...running, state: "failed", reason: "The disk is full." }),
    ).toBe("a.txt: failed. The disk is full.");
    expect(announcementOf(undefined, { ...running, state: "done" }), "old news").toBe("");
  });
});
