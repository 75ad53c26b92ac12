import { describe, expect, it } from "vitest";
import {
  bucketNameHint,
  bucketNameProblem,
  folderNameProblem,
  nameOfKey,
  newKeyProblem,
  renamed,
} from "./names";

describe("names as they are typed", () => {
  it("refuses only what no server takes for a folder", () => {
    expect(folderNameProblem("", "")).toBeTypeOf("string");
    expect(folderNameProblem("a/b", "")).toBeTypeOf("string");
    expect(folderNameProblem("ü".repeat(600), ""), "bytes are counted").toBeTypeOf("string");
    for (const name of [" ", "..", "ü", "a:b", "new folder"]) {
      expect(folderNameProblem(name, "x/"), name).toBeUndefined();
    }
  });

  it("keeps a key's folder and a prefix's slash when it is renamed", () => {
    expect(renamed("a/b.txt", "c.txt")).toBe("a/c.txt");
    expect(renamed("a/b/", "c")).toBe("a/c/");
    expect(renamed("b.txt", "x/c.txt"), "a slash moves it").toBe("x/c.txt");
    expect(renamed("a//", "c"), "an empty segment has a name then").toBe("a/c/");
    expect(nameOfKey("a/b/")).toBe("b");
    expect(nameOfKey("a//"), "an empty segment has none").toBe("");
  });

  it("refuses a move that changes nothing or leads into itself", () => {
    expect(newKeyProblem("a/", "a/")).toBeTypeOf("string");
    expect(newKeyProblem("a/b/", "a/")).toBeTypeOf("string");
    expect(newKeyProblem("ab/", "a/"), "a longer name is another folder").toBeUndefined();
  });

  it("leaves bucket names to the server but for what cannot be one", () => {
    for (const name of ["", "a b", "a/b", "..", "a\n"]) {
      expect(bucketNameProblem(name), JSON.stringify(name)).toBeTypeOf("string");
    }
    expect(bucketNameProblem("My_Bucket"), "some servers take it").toBeUndefined();
    expect(bucketNameHint("My_Bucket"), "AWS does not").toBeTypeOf("string");
    expect(bucketNameHint("my-bucket")).toBeUndefined();
  });
});
