/** Connections that a test begins with, saved by the page's own command and not by its dialog. */
import type { Server } from "../support/server.ts";
import type { Bridge } from "./stand.ts";

/** Runs a command without the page. */
export async function callBridge<Reply>(bridge: Bridge, name: string, args: unknown): Promise<Reply> {
  const answer = await fetch(`${bridge.origin}/call`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${bridge.token}` },
    body: JSON.stringify({ name, args }),
  });
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Reply;
}

/** Saves keys of a server as `Quay`; another endpoint may stand in front of it. */
export async function saveConnection(
  bridge: Bridge,
  server: Server,
  endpoint = server.endpoint,
): Promise<void> {
  await callBridge(bridge, "session_save", {
    name: "Quay",
    source: { kind: "keychain", accessKeyId: server.accessKeyId },
    secret: server.secretAccessKey,
    endpointUrl: endpoint,
    region: server.region,
  });
}
