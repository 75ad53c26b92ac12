import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { notify, useNotices } from "./notices";

it("shows what is said again in the place of what said the same", () => {
  const { result } = renderHook(useNotices);
  act(() => {
    notify({ tone: "bad", text: "Refused", detail: "by the server" });
    notify({ tone: "bad", text: "Refused", detail: "by the network" });
    notify({ tone: "bad", text: "Refused", detail: "by the server" });
  });
  expect(result.current.map(({ detail }) => detail)).toEqual(["by the network", "by the server"]);
});
