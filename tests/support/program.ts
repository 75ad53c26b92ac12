/** Programs of this repository, started for a test and ended with it. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import readline from "node:readline";

/** A running program that said it is ready. */
export type Program<Ready> = {
  /** The line of JSON that it printed. */
  readonly ready: Ready;
  /** Its process id. */
  readonly pid: number;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
  /** Ends it without a chance to tidy up. */
  kill(): Promise<void>;
};

/** Starts `name` and waits for its first line, which is JSON. */
export async function startProgram<Ready>(
  name: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Program<Ready>> {
  const child = spawn(pathOf(name), args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_PROXY: "127.0.0.1,localhost", ...environment },
  });
  let complaints = "";
  child.stderr.on("data", (text: Buffer) => {
    complaints = (complaints + text.toString()).slice(-8_000);
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const line = await firstLine(child, () => `${name} did not become ready:\n${complaints}`);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await gone;
  };
  return {
    ready: JSON.parse(line) as Ready,
    pid: child.pid ?? 0,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** The directory where cargo puts programs. */
function pathOf(name: string): string {
  const root = path.resolve(import.meta.dirname, "../..");
  const target = process.env["CARGO_TARGET_DIR"] ?? path.join(root, "target");
  const directory = process.env["LONGSHORE_BIN_DIR"] ?? path.join(target, "debug");
  const program = path.join(directory, name);
  if (!existsSync(program)) {
    throw new Error(`${program} is not there: cargo build --workspace --bins`);
  }
  return program;
}

function firstLine(child: ChildProcess, why: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) {
      reject(new Error("no output to read"));
      return;
    }
    const lines = readline.createInterface({ input: child.stdout });
    lines.once("line", resolve);
    child.once("error", reject);
    child.once("exit", () => reject(new Error(why())));
  });
}
