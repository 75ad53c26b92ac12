/**
 * Names as they are typed: what is refused before a server is asked.
 *
 * Only what no server takes is refused here. Everything else is the server's to judge, and its
 * words are shown beside the field.
 */

import { dialogStrings as say } from "../../strings/en/dialogs";

/** S3 allows keys up to this many bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

const utf8 = new TextEncoder();

/** What is wrong with a folder's name; undefined when a server may be asked. */
export function folderNameProblem(name: string, prefix: string): string | undefined {
  if (name === "") return say.noName;
  if (name.includes("/")) return say.slashInName;
  return tooLong(`${prefix}${name}/`);
}

/** What is wrong with a new key or prefix. */
export function newKeyProblem(key: string, oldKey: string): string | undefined {
  if (key === "" || key === "/") return say.noName;
  if (key === oldKey) return say.sameName;
  if (oldKey.endsWith("/") && key.startsWith(oldKey)) return say.intoItself;
  return tooLong(key);
}

function tooLong(key: string): string | undefined {
  const bytes = utf8.encode(key).length;
  return bytes > MAX_KEY_BYTES ? say.tooLong(bytes, MAX_KEY_BYTES) : undefined;
}

/** What is wrong with a bucket's name everywhere; servers may refuse more. */
export function bucketNameProblem(name: string): string | undefined {
  if (name === "") return say.noName;
  if (/[\s/\p{Cc}]/u.test(name) || name === "." || name === "..") return say.badBucketName;
  return name.length > 255 ? say.badBucketName : undefined;
}

/** What will surprise on AWS, which is stricter than others. */
export function bucketNameHint(name: string): string | undefined {
  if (name === "" || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) return undefined;
  return say.bucketNameRule;
}

/** The key under a new name beside the old one; a prefix keeps its `/`. */
export function renamed(oldKey: string, name: string): string {
  const isPrefix = oldKey.endsWith("/");
  const bare = isPrefix ? oldKey.slice(0, -1) : oldKey;
  const above = bare.slice(0, bare.lastIndexOf("/") + 1);
  return `${above}${name}${isPrefix ? "/" : ""}`;
}

/** The name that a rename begins with: the last segment without its `/`. */
export function nameOfKey(key: string): string {
  const bare = key.endsWith("/") ? key.slice(0, -1) : key;
  return bare.slice(bare.lastIndexOf("/") + 1);
}
