import { afterEach, describe, expect, it } from "vitest";
import type { Plan } from "../contract/types";
import { failure, setFakeHost } from "../host/fakeHost";
import { pickAndUploadFiles, startDownload, startUpload } from "./changes";
import { closeDialog, openDialogs } from "./dialogs";

const place = { session: "s", bucket: "archive", prefix: "2026/" };
const plan: Plan = {
  id: "p",
  operation: "upload",
  session: "s",
  title: "2 files",
  destination: "s3://archive/2026/",
  items: 2,
  bytes: 10,
  requests: 2,
  conflicts: 0,
  policy: "ask",
  reversible: "unknown",
  warnings: [],
  sample: [],
};
const dialogs = () => openDialogs().map(({ request }) => request);

afterEach(() => openDialogs().forEach(({ id }) => closeDialog(id)));

describe("an upload", () => {
  it("starts at once when nothing is in the way", async () => {
    const asked = setFakeHost({ plan_upload: () => plan, plan_start: () => ({ job: "j" }) });
    await startUpload(["g1", "g2"], place);
    expect(asked).toEqual([
      { name: "plan_upload", args: { ...place, grants: ["g1", "g2"] } },
      { name: "plan_start", args: { plan: "p" } },
    ]);
    expect(dialogs(), "nobody is asked").toEqual([]);
  });

  it("asks when something exists already, and starts nothing", async () => {
    const asked = setFakeHost({ plan_upload: () => ({ ...plan, conflicts: 1 }) });
    await startUpload(["g"], place, ["A name is not UTF-8"]);
    expect(asked.map(({ name }) => name)).toEqual(["plan_upload"]);
    expect(dialogs()).toMatchObject([
      { kind: "plan", plan: { conflicts: 1, warnings: ["A name is not UTF-8"] } },
    ]);
  });

  it("tells in one report what was left out", async () => {
    setFakeHost({
      plan_upload: () => ({ ...plan, warnings: ["b cannot be read"] }),
      plan_start: () => ({ job: "j" }),
    });
    await startUpload(["g"], place, ["A name is not UTF-8"]);
    expect(dialogs()).toMatchObject([
      { kind: "report", lines: ["A name is not UTF-8", "b cannot be read"] },
    ]);
  });

  it("says that nothing was taken when nothing was", async () => {
    const asked = setFakeHost({});
    await startUpload([], place, ["A name is not UTF-8"]);
    expect(asked, "the engine has nothing to do").toEqual([]);
    expect(dialogs()).toMatchObject([{ kind: "report", title: "Nothing was uploaded" }]);
  });

  it("does nothing when the system's dialog was left", async () => {
    const asked = setFakeHost({ paths_pick_files: () => [] });
    await pickAndUploadFiles(place);
    expect(asked.map(({ name }) => name)).toEqual(["paths_pick_files"]);
  });

  it("says why it was not planned and does not throw", async () => {
    setFakeHost({
      plan_upload: () => {
        throw failure("readOnly", "The session is read-only");
      },
    });
    await expect(startUpload(["g"], place)).resolves.toBeUndefined();
  });
});

describe("a download", () => {
  const picked = { id: "d", name: "Downloads", isDir: true };
  const answers = {
    plan_download: () => ({ ...plan, operation: "download" as const }),
    plan_start: () => ({ job: "j" }),
    paths_pick_folder: () => picked,
    paths_pick_destination: () => ({ ...picked, isDir: false }),
  };

  it("of one object asks for a file, of more for a folder", async () => {
    const object = { kind: "object" as const, key: "2026/a.txt" };
    const one = setFakeHost(answers);
    await startDownload("s", "archive", [object]);
    expect(one[0]).toEqual({ name: "paths_pick_destination", args: { name: "a.txt" } });
    const more = setFakeHost(answers);
    await startDownload("s", "archive", [object, { kind: "prefix", prefix: "2026/raw/" }]);
    expect(more.map(({ name }) => name)).toEqual([
      "paths_pick_folder",
      "plan_download",
      "plan_start",
    ]);
  });

  it("does nothing when no destination was picked", async () => {
    const asked = setFakeHost({ ...answers, paths_pick_folder: () => null });
    await startDownload("s", "archive", [{ kind: "prefix", prefix: "a/" }]);
    expect(asked.map(({ name }) => name)).toEqual(["paths_pick_folder"]);
  });

  it("says so when nothing of the folder can be downloaded", async () => {
    const left = "1 object is left out, since its key cannot be decoded: a%FF";
    const empty = { ...answers.plan_download(), items: 0, warnings: [left] };
    const asked = setFakeHost({
      ...answers,
      plan_download: () => empty,
      plan_drop: () => null,
    });
    await startDownload("s", "archive", [{ kind: "prefix", prefix: "a/" }]);
    expect(asked.at(-1)?.name, "nothing is started").toBe("plan_drop");
    expect(dialogs()).toMatchObject([
      { kind: "report", title: "Nothing was downloaded", lines: [left] },
    ]);
  });
});
