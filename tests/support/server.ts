/** A SeaweedFS for tests of the page; see `support/servers.rs`. */
import { startProgram } from "./program.ts";
import type { Program } from "./program.ts";

/** What signs a request. */
export type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** Where the server is; `limited` may use one bucket only, `blind` may not list even that. */
export type Server = Keys & {
  readonly endpoint: string;
  readonly region: string;
  readonly limited: Keys;
  readonly blind: Keys;
};

/** Starts a server of its own, with the sample objects if wanted. */
export function startServer(options: { samples?: boolean } = {}): Promise<Program<Server>> {
  const samples = options.samples === true ? ["--samples"] : [];
  return startProgram<Server>("longshore-server", ["--with-parent", "--identities", ...samples]);
}
