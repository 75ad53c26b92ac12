/** A host for tests: answers from a table and keeps what was asked. */

import type { AppError, ErrorCode } from "../contract/types";
import { type Args, type CommandName, type Host, HostError, type Reply, setHost } from "./host";

type Answers = { [K in CommandName]?: (args: Args<K>) => Reply<K> | Promise<Reply<K>> };

export type Asked = { name: CommandName; args: unknown };

/** Sets a host that answers so; what is not in the table fails. Answers what was asked, in order. */
export function setFakeHost(answers: Answers): Asked[] {
  const asked: Asked[] = [];
  const fake: Host = {
    async call<K extends CommandName>(name: K, args: Args<K>): Promise<Reply<K>> {
      asked.push({ name, args: structuredClone(args) });
      const answer = answers[name];
      if (!answer) throw new HostError(failure("internal", `Nobody answers ${name}`));
      return answer(args);
    },
    subscribe: () => () => undefined,
  };
  setHost(fake);
  return asked;
}

/** A failure as the engine words one. */
export function failure(code: ErrorCode, message: string, part: Partial<AppError> = {}): AppError {
  return {
    code,
    message,
    advice: null,
    detail: null,
    requestId: null,
    retryable: false,
    ...part,
  };
}
