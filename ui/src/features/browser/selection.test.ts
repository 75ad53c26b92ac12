import { expect, test } from "vitest";
import {
  bytesSelected,
  countSelected,
  EVERYTHING,
  including,
  isSelected,
  NOTHING,
  only,
  type Picked,
  toggled,
} from "./selection";

const object = (key: string, size = 1): Picked => ({ kind: "object", key, size });
const folder = (key: string): Picked => ({ kind: "prefix", key, size: 0 });

test("a prefix and an object of one key are two rows", () => {
  const selection = only([folder("a/")]);
  expect(isSelected(selection, folder("a/"))).toBe(true);
  expect(isSelected(selection, object("a/")), "the marker object is another row").toBe(false);
});

test("everything stays everything but what is taken out again", () => {
  const selection = toggled(EVERYTHING, object("b"));
  expect(countSelected(selection, 1_204_118)).toBe(1_204_117);
  expect(isSelected(selection, object("b"))).toBe(false);
  expect(isSelected(selection, object("never loaded")), "rows that no window holds").toBe(true);
  expect(countSelected(toggled(selection, object("b")), 1_204_118)).toBe(1_204_118);
});

test("a row is put in and taken out", () => {
  const one = toggled(NOTHING, object("a"));
  const two = including(one, [object("b"), object("a")]);
  expect(countSelected(two, 99), "no row counts twice").toBe(2);
  expect(countSelected(toggled(two, object("a")), 99)).toBe(1);
});

test("bytes are said only when they are known", () => {
  expect(bytesSelected(only([object("a", 3), object("b", 4)]))).toBe(7);
  expect(bytesSelected(only([object("a", 3), folder("b/")])), "a folder's size is not").toBe(
    undefined,
  );
  expect(bytesSelected(EVERYTHING)).toBe(undefined);
});
