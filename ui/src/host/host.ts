/**
 * The one way from the page to the engine.
 *
 * The page knows this port and nothing of what stands behind it: the window's shell, the bridge of
 * the tests, or a host in memory. Features take it from `host()`; who starts the page sets it.
 */

import type { Commands, Topics } from "../contract/commands";
import type { AppError } from "../contract/types";

export type CommandName = keyof Commands;
export type Args<K extends CommandName> = Commands[K]["args"];
export type Reply<K extends CommandName> = Commands[K]["reply"];
export type TopicName = keyof Topics;
export type Message<T extends TopicName> = Topics[T]["message"];
export type Unsubscribe = () => void;

export interface Host {
  /** Runs a command. It fails with a [`HostError`] and nothing else. */
  call<K extends CommandName>(name: K, args: Args<K>): Promise<Reply<K>>;
  /** Asks for a topic's messages, a snapshot first, until the answered function is called. */
  subscribe<T extends TopicName>(topic: T, onMessage: (message: Message<T>) => void): Unsubscribe;
}

/** A failure as the engine words it. */
export class HostError extends Error {
  readonly wire: AppError;

  constructor(wire: AppError) {
    super(wire.message);
    this.name = "HostError";
    this.wire = wire;
  }
}

function isAppError(value: unknown): value is AppError {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as AppError).code === "string" &&
    typeof (value as AppError).message === "string"
  );
}

/** Whatever was thrown, in the shape that views show. */
export function appErrorOf(thrown: unknown): AppError {
  if (thrown instanceof HostError) return thrown.wire;
  if (isAppError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: "internal",
    message,
    advice: null,
    detail: thrown instanceof Error ? (thrown.stack ?? null) : null,
    requestId: null,
    retryable: true,
  };
}

let current: Host | undefined;

/** Sets the host before anything is rendered; tests set one of their own. */
export function setHost(next: Host): void {
  current = next;
}

/** The host that the page was started on. */
export function host(): Host {
  if (!current) throw new Error("The page was rendered before its host was set");
  return current;
}
