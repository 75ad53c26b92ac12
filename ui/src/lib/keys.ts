/**
 * Keys as they are shown.
 *
 * A key is any UTF-8 and may hold what a screen hides or turns around: controls, line breaks,
 * bidirectional overrides, zero-width characters. Those are shown as visible escapes, so that two
 * keys that differ never look the same by a trick. What is sent to the engine is the key itself.
 */

/** A stretch of a shown key; `escaped` marks what stands for a character that cannot be shown. */
export type KeyPart = { text: string; escaped: boolean };

// Controls, soft hyphen, zero-width and bidirectional marks, line and paragraph separators,
// invisible operators, variation of nothing, interlinear marks, the BOM, noncharacters, tags, and
// halves of surrogate pairs.
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u202F\u205F\u3164\uFFA0]|\u034F|\u17B4|\u17B5|[\u180B-\u180F]/u;

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeOf(char: string): string {
  const named = NAMED[char];
  if (named !== undefined) return named;
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}

/** Splits a key into what can be shown as it is and what must be escaped. */
export function partsOfKey(key: string): KeyPart[] {
  const parts: KeyPart[] = [];
  const push = (text: string, escaped: boolean) => {
    const last = parts.at(-1);
    if (last && last.escaped === escaped) last.text += text;
    else parts.push({ text, escaped });
  };
  const chars = Array.from(key);
  chars.forEach((char, at) => {
    // A space at an end, or one of several, would be taken for none or for one.
    const lostSpace =
      char === " " && (at === 0 || at === chars.length - 1 || chars[at - 1] === " ");
    if (lostSpace) push("·", true);
    else if (HIDDEN.test(char)) push(escapeOf(char), true);
    else push(char, false);
  });
  return parts;
}

/** A key in one piece of text, for labels and titles. */
export function showKey(key: string): string {
  return partsOfKey(key)
    .map((part) => part.text)
    .join("");
}

/** The key below a prefix: what a row is called. */
export function nameBelow(prefix: string, key: string): string {
  return key.startsWith(prefix) ? key.slice(prefix.length) : key;
}

/** What follows the last `/`; a trailing `/` stays with its name. */
export function lastName(key: string): string {
  const end = key.endsWith("/") ? key.length - 1 : key.length;
  return key.slice(key.lastIndexOf("/", end - 1) + 1);
}

/** The prefix that a key or prefix is directly below; empty at the top. */
export function prefixAbove(key: string): string {
  const end = key.endsWith("/") ? key.length - 1 : key.length;
  return end <= 0 ? "" : key.slice(0, key.lastIndexOf("/", end - 1) + 1);
}

/** The steps of a prefix, each with the prefix that it leads to. Empty segments are steps too. */
export function stepsOf(prefix: string): { name: string; prefix: string }[] {
  const steps: { name: string; prefix: string }[] = [];
  let from = 0;
  while (from < prefix.length) {
    const slash = prefix.indexOf("/", from);
    const end = slash < 0 ? prefix.length : slash + 1;
    steps.push({ name: prefix.slice(from, slash < 0 ? end : slash), prefix: prefix.slice(0, end) });
    from = end;
  }
  return steps;
}

/** `s3://bucket/key`. */
export function uriOf(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}
