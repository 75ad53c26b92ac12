import { describe, expect, it } from "vitest";
import type { Session } from "../../contract/types";
import {
  type ConnectionForm,
  draftOf,
  emptyForm,
  endpointUrl,
  fingerprint,
  formOf,
  freeColour,
  isPlainHttpElsewhere,
  keepsSecret,
  nameOf,
  problemsOf,
  SWATCHES,
} from "./connectionDraft";
import { aSession } from "./testSession";

const blue = "#0b6e8f";
const form = (part: Partial<ConnectionForm> = {}): ConnectionForm => ({
  ...emptyForm(blue),
  accessKeyId: "AKIDEXAMPLE",
  ...part,
});

describe("the endpoint", () => {
  it("gets https, and plain http on this machine only", () => {
    expect(endpointUrl("storage.example.com")?.href).toBe("https://storage.example.com/");
    expect(endpointUrl("storage.example.com:9000/s3")?.href).toBe(
      "https://storage.example.com:9000/s3",
    );
    expect(endpointUrl("localhost:8333")?.href).toBe("http://localhost:8333/");
    expect(endpointUrl("127.0.0.1:8333")?.href).toBe("http://127.0.0.1:8333/");
    expect(endpointUrl("http://10.0.0.4")?.href, "what is typed counts").toBe("http://10.0.0.4/");
    expect(endpointUrl("  "), "blank is AWS").toBeUndefined();
  });

  it("asks about plain http to another host only", () => {
    const asks = ["http://10.0.0.4:9000", "http://storage.example.com", "http://1270.0.0.1.example.com"];
    for (const url of asks) expect(isPlainHttpElsewhere(url), url).toBe(true);
    const silent = ["", "https://10.0.0.4", "http://127.0.0.1:1", "http://[::1]:9000", "localhost:9"];
    for (const url of silent) expect(isPlainHttpElsewhere(url), url).toBe(false);
  });

  it("is refused with a scheme, keys or a query that no endpoint has", () => {
    const bad = ["ftp://host", "https://key:secret@host", "https://host/?x=1", "https://", "a b"];
    for (const endpoint of bad) {
      expect(problemsOf(form({ endpoint }), false).endpoint, endpoint).toBeTypeOf("string");
    }
    expect(problemsOf(form({ endpoint: "https://host/path" }), false)).toEqual({});
  });
});

describe("the form", () => {
  it("names the fields that are missing", () => {
    const problems = problemsOf(emptyForm(blue), true);
    expect(Object.keys(problems).toSorted()).toEqual(["accessKeyId", "secret"]);
    const profile = problemsOf({ ...emptyForm(blue), source: "profile" }, true);
    expect(Object.keys(profile), "no secret is asked for a profile").toEqual(["profile"]);
  });

  it("takes role ARNs of every partition and nothing else", () => {
    const role = (roleArn: string) => problemsOf(form({ roleArn }), false).roleArn;
    expect(role("arn:aws:iam::123456789012:role/team/reader")).toBeUndefined();
    expect(role("arn:aws-us-gov:iam::123456789012:role/reader")).toBeUndefined();
    expect(role("reader")).toBeTypeOf("string");
    const anonymous = problemsOf(form({ source: "anonymous", roleArn: "x" }), false);
    expect(anonymous.roleArn, "nobody cannot assume a role").toBeTypeOf("string");
  });

  it("makes a draft without a secret in it", () => {
    const draft = draftOf(
      form({ endpoint: "localhost:8333", region: " eu-west-1 ", externalId: " x " }),
      undefined,
    );
    expect(draft).toEqual({
      id: null,
      name: "localhost:8333",
      colour: blue,
      source: { kind: "keychain", accessKeyId: "AKIDEXAMPLE" },
      chain: [],
      endpointUrl: "http://localhost:8333",
      region: "eu-west-1",
      pathStyle: "auto",
      readOnly: false,
      trustPlainHttp: false,
      secret: null,
      sessionToken: null,
    });
  });

  it("does not carry the trust of one endpoint to another", () => {
    const trusted = form({ endpoint: "https://host", trustPlainHttp: true });
    expect(draftOf(trusted, undefined).trustPlainHttp, "https needs no trust").toBe(false);
  });

  it("falls back to a name that says where it leads", () => {
    expect(nameOf(form({ name: " Archive " }))).toBe("Archive");
    expect(nameOf(form({ endpoint: "https://s3.example.com:9000/x" }))).toBe("s3.example.com:9000");
    expect(nameOf(form({ source: "profile", profile: "acme" }))).toBe("acme");
  });
});

describe("an edited session", () => {
  const saved: Session = aSession({ endpointUrl: "https://host:9000" });

  it("comes back as it was saved", () => {
    const draft = draftOf(formOf(saved), saved.id);
    expect(draft.endpointUrl).toBe("https://host:9000");
    expect(draft.source).toEqual(saved.source);
    expect(draft.id).toBe(saved.id);
  });

  it("asks for the secret again when endpoint or key are others", () => {
    expect(keepsSecret(formOf(saved), saved), "nothing changed").toBe(true);
    expect(keepsSecret({ ...formOf(saved), name: "x" }, saved), "a name is no matter").toBe(true);
    expect(keepsSecret({ ...formOf(saved), endpoint: "https://evil" }, saved)).toBe(false);
    expect(keepsSecret({ ...formOf(saved), accessKeyId: "OTHER" }, saved)).toBe(false);
    expect(keepsSecret(formOf(saved), undefined), "a new one has none").toBe(false);
  });
});

describe("a passed test", () => {
  it("counts for the form that was tested only", () => {
    const tested = fingerprint(form(), 1);
    expect(fingerprint(form({ name: "other", colour: "#000000" }), 1), "looks are free").toBe(tested);
    expect(fingerprint(form({ endpoint: "https://other" }), 1)).not.toBe(tested);
    expect(fingerprint(form(), 2), "the secret was typed over").not.toBe(tested);
  });
});

it("gives a new session a colour that no other has", () => {
  const taken = SWATCHES.slice(0, 2).map(({ value }) => aSession({ colour: value }));
  expect(freeColour(taken)).toBe(SWATCHES[2]?.value);
});
