/** The fault proxy's remote control; see `support/proxy/control.rs`. */
import { startProgram } from "./program.ts";

/** What happens to a request; see `Action` in `support/proxy/rule.rs`. */
export type Action =
  | { do: "pass" | "refuse" | "resetBeforeHeaders" | "committedButLost" | "hold" }
  | { do: "noETag" | "wrongETag" }
  | { do: "resetAfter" | "stall"; bytes: number }
  | { do: "throttle"; bytesPerSecond: number }
  | { do: "delay"; millis: number }
  | { do: "status"; status: number; code?: string; body?: string; headers?: [string, string][] }
  | { do: "ok200WithError"; code: string }
  | { do: "flipBit" | "flipBitSent"; at: number }
  | { do: "dateSkew"; seconds: number }
  | { do: "redirect"; status: number; location: string; region: string }
  | { do: "replaceBody"; body: string }
  | { do: "header"; name: string; value?: string };

/** Which requests, and what happens to them. */
export type Rule = {
  method?: string;
  /** A piece of the decoded path. */
  path?: string;
  /** `partNumber=3` by value, `uploadId` by name. */
  query?: string;
  /** From the nth match on, counted from 1; once unless `times` says otherwise. */
  nth?: number;
  times?: number;
  action: Action;
};

/** A request as far as it has come. */
export type Recorded = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly partNumber: number | null;
  readonly bodyReceived: number;
  readonly bodyReturned: number;
  readonly status: number | null;
  readonly rule: string | null;
};

/** A proxy in front of a server. */
export class Proxy {
  private constructor(
    readonly endpoint: string,
    private readonly control: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** Starts a proxy in front of `upstream`. */
  static async start(upstream: string): Promise<Proxy> {
    type Ready = { proxy: string; control: string };
    const program = await startProgram<Ready>("longshore-proxy", [
      "--with-parent",
      "--upstream",
      upstream,
    ]);
    return new Proxy(program.ready.proxy, program.ready.control, () => program.stop());
  }

  /** Adds a rule and gives its id. */
  async add(rule: Rule): Promise<number> {
    const answer = await this.ask("POST", "/rules", rule);
    return ((await answer.json()) as { id: number }).id;
  }

  /** How often a rule was applied. */
  async applied(id: number): Promise<number> {
    const answer = await this.ask("GET", `/rules/${id}`);
    return ((await answer.json()) as { applied: number }).applied;
  }

  /** Lets the requests go on that a rule holds, and ends those that it stalls. */
  async release(id: number): Promise<void> {
    await this.ask("POST", `/rules/${id}/release`);
  }

  /** Removes all rules. */
  async clear(): Promise<void> {
    await this.ask("DELETE", "/rules");
  }

  /** All requests since the start or the last {@link forget}. */
  async requests(): Promise<Recorded[]> {
    return (await (await this.ask("GET", "/requests")).json()) as Recorded[];
  }

  /** Forgets the requests so far. */
  async forget(): Promise<void> {
    await this.ask("DELETE", "/requests");
  }

  /** Refuses connections until {@link goOnline}. */
  async goOffline(): Promise<void> {
    await this.ask("POST", "/offline");
  }

  /** Accepts connections again. */
  async goOnline(): Promise<void> {
    await this.ask("POST", "/online");
  }

  /** Ends the proxy. */
  stop(): Promise<void> {
    return this.end();
  }

  private async ask(method: string, at: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.control}${at}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    if (!answer.ok) {
      throw new Error(`the proxy refused ${method} ${at}: ${await answer.text()}`);
    }
    return answer;
  }
}
