import { act, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { dismissNotice, notify } from "../state/notices";
import { Notices } from "./Notices";

it("shows what a name in a notice hides as an escape", () => {
  render(<Notices />);
  let id = 0;
  act(() => {
    id = notify({ tone: "bad", text: "a\u202Eb is gone", detail: "Look for c\nd" });
  });
  expect(screen.getByText("a\\u{202E}b is gone"), "a turned direction").toBeDefined();
  expect(screen.getByText("Look for c\\nd"), "a line break").toBeDefined();
  act(() => dismissNotice(id));
});
