/** What crosses to the engine, in the engine's words. */

export type AppError = {
  code: string;
  message: string;
  detail?: string | null;
  requestId?: string | null;
  retryable: boolean;
};

type Call<A, R> = { args: A; reply: R };

/** The command table: a name, what it takes, what it answers. */
export type Commands = {
  sessions_list: Call<Record<string, never>, unknown>;
};

/** The topics that can be subscribed to, what they take and the messages they send. */
export type Topics = {
  events: { args: Record<string, never>; message: unknown };
};
