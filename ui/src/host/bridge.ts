/**
 * The host behind the tests' bridge: commands over HTTP, topics over one WebSocket each, on the
 * origin that served the page and with the token that its address carried.
 */

import { appErrorOf, type Args, type CommandName, type Host, HostError, type Reply } from "./host";

/** A bridge that went away may come back. */
const AGAIN_MS = 300;

/** The token in the page's address; none when the page is not served by a bridge. */
export function bridgeToken(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get("token") ?? undefined;
}

/** A host that speaks to the bridge which served the page. */
export function bridgeHost(token: string): Host {
  // What a page holds open ends with it; a load of its own is a page of its own.
  const page = crypto.randomUUID();
  return {
    async call<K extends CommandName>(name: K, args: Args<K>): Promise<Reply<K>> {
      const answer = await fetch("/call", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${token}`,
          "x-longshore-page": page,
        },
        body: JSON.stringify({ name, args }),
      }).catch((thrown: unknown) => {
        throw new HostError(appErrorOf(thrown));
      });
      const body: unknown = await answer.json();
      if (!answer.ok) throw new HostError(appErrorOf(body));
      return body as Reply<K>;
    },
    subscribe(topic, onMessage) {
      const url = new URL("/subscribe", location.href);
      url.protocol = url.protocol.replace("http", "ws");
      url.hash = "";
      url.search = new URLSearchParams({ token, topic, page }).toString();
      let isEnded = false;
      let socket: WebSocket;
      const begin = () => {
        socket = new WebSocket(url);
        socket.addEventListener("message", (event) => {
          if (!isEnded) onMessage(JSON.parse(String(event.data)) as Parameters<typeof onMessage>[0]);
        });
        socket.addEventListener("close", () => {
          if (!isEnded) setTimeout(begin, AGAIN_MS);
        });
      };
      begin();
      return () => {
        isEnded = true;
        socket.close();
      };
    },
  };
}
