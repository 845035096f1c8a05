import type { Command } from "commander";
import { type Client, createClient, type UnreachableError } from "../lib/client/api.ts";
import { readConfig } from "../lib/config.ts";
import { readOperatorToken } from "./commands/token.ts";
import { CliError, ExitCode } from "./errors.ts";
import { runningSupervisor } from "./supervisor/state.ts";
import { addressOf } from "./supervisor/web-and-worker.ts";

/** The MiniRun that a command talks to. */
export interface Target {
  url: string;
  token: string;
  client: Client;
}

/**
 * Finds out whom to talk to: `--url` or MINIRUN_URL with MINIRUN_TOKEN, else this machine's. The operator token of
 * this machine is never sent to an address that was named from outside.
 */
export function targetOf(command: Command): Target {
  const { url: option } = command.optsWithGlobals<{ url?: string }>();
  const named = option ?? (process.env.MINIRUN_URL || undefined);
  const given = process.env.MINIRUN_TOKEN || undefined;
  if (named && !given) {
    throw new CliError(`A token is needed for ${named}.`, {
      remedy: "Set MINIRUN_TOKEN to what `./minirun token` prints on that machine.",
      exitCode: ExitCode.usage,
    });
  }
  const config = readConfig();
  const url = (named ?? runningSupervisor(config)?.url ?? addressOf(config)).replace(/\/+$/, "");
  const token = given ?? readOperatorToken(config);
  return { url, token, client: createClient({ baseUrl: url, token }) };
}

/** Says what to do when nothing answers. */
export function explainUnreachable(error: UnreachableError): CliError {
  const why = error.cause instanceof Error && error.cause.cause instanceof Error ? error.cause.cause.message : "";
  return new CliError(`${error.message}${why ? `: ${why}` : ""}.`, {
    remedy: "./minirun status tells whether it runs here; ./minirun up starts it.",
    exitCode: ExitCode.unreachable,
    cause: error,
  });
}
