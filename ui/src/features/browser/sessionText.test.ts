import { expect, it } from "vitest";
import { session } from "../../host/memory/world";
import { chainOf, whereabouts } from "./sessionText";

it("says the name of a session once", () => {
  expect(chainOf(session("acme")), "a profile is called as its session is").toEqual([]);
  const environment = session("environment", { name: "Environment", source: { kind: "environment" } });
  expect(chainOf(environment)).toEqual([]);
  const host = { name: "nas:9000", endpointUrl: "http://nas:9000", region: "eu-west-1" };
  expect(whereabouts(session("x", host)), "a host that gave the name").toBe("eu-west-1");
});

it("says from where the credentials come and through which roles", () => {
  const roleArn = "arn:aws:iam::111122223333:role/reader";
  const chain = [{ roleArn, externalId: null, sessionName: null, durationSeconds: null }];
  expect(chainOf(session("acme", { chain }))).toEqual(["acme", "reader"]);
  expect(whereabouts(session("acme", { account: "111122223333" }))).toBe("1111 2222 3333 · eu-central-1");
});
