import type { Command } from "commander";
import { type Client, createClient } from "../lib/client/api.ts";
import { readConfig } from "../lib/config.ts";
import { CliError, ExitCode } from "./errors.ts";
import { readOperatorToken } from "./operator-token.ts";
import { addressOf } from "./supervisor/address.ts";
import { runningSupervisor } from "./supervisor/state.ts";

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
      remedy: "Set MINIRUN_TOKEN to an API token: `./minirun tokens create NAME` makes one on that machine.",
      exitCode: ExitCode.usage,
    });
  }
  const config = readConfig();
  const url = (named ?? runningSupervisor(config)?.url ?? addressOf(config)).replace(/\/+$/, "");
  const token = given ?? readOperatorToken(config);
  return { url, token, client: createClient({ baseUrl: url, token }) };
}
