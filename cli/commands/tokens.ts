import { type Command, InvalidArgumentError, Option } from "commander";
import type { Role } from "../../lib/contract/principal.ts";
import { roles } from "../../lib/contract/role.ts";
import type { TokenInfo } from "../../lib/contract/token.ts";
import { CliError } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { formatAge } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type Column, printRows } from "../print-table.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";

interface CreateOptions {
  role: Role;
  expires: number | null;
  json?: boolean;
}

export function registerTokens(program: Command): void {
  const command = program
    .command("tokens")
    .summary("make, list and revoke API tokens for programs")
    .description(
      "API tokens let programs in, each with a role, an expiry and a name of its own. One is shown once, when it is made; MINIRUN_TOKEN gives it to these commands.",
    );
  const create = command
    .command("create")
    .summary("make a token and print it alone on a line")
    .description("Makes an API token and prints it alone on a line. It is shown to nobody again.")
    .argument("<name>", "what it is for")
    .addOption(new Option("--role <role>", "what it may do, at most what you may").choices(roles).default("viewer"))
    .option("--expires <span>", "when it ends: 12h, 30d, or never", readSpan, 90 * day)
    .addOption(jsonOption())
    .action(async (name: string, { role, expires, json }: CreateOptions, command: Command) => {
      const expiresAt = expires === null ? null : new Date(Date.now() + expires).toISOString();
      const made = await targetOf(command).client.call("createToken", { body: { name, role, expiresAt } });
      if (json) printJson(made);
      else console.log(made.token);
    });
  const list = command
    .command("list")
    .summary("list tokens, and when each was used last")
    .description("Lists your API tokens; the operator and administrators see everybody's.")
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }, command: Command) => {
      const { items } = await targetOf(command).client.call("listTokens");
      printRows(items, columns, { json: options.json, empty: "No tokens." });
    });
  const revoke = command
    .command("revoke")
    .summary("revoke a token, and end what rests on it")
    .description("Revokes tokens. Terminals and streams that rest on one are closed.")
    .argument("<token...>", "ids or names")
    .action(async (given: string[], _options: object, command: Command) => {
      const { client } = targetOf(command);
      const { items } = await client.call("listTokens");
      for (const { id } of given.map((each) => findToken(items, each))) {
        await client.call("deleteToken", { params: { id } });
        console.log(id);
      }
    });
  addExamples(
    create,
    "./minirun tokens create deploy --role operator --expires 30d",
    "./minirun tokens create monitoring",
  );
  addExamples(list, "./minirun tokens list", "./minirun tokens list --json");
  addExamples(revoke, "./minirun tokens revoke deploy monitoring");
}

const columns: Column<TokenInfo>[] = [
  { heading: "TOKEN", cell: ({ id }) => id },
  { heading: "NAME", cell: ({ name }, style) => style.bold(harmless(name)) },
  { heading: "ROLE", cell: ({ role }) => role },
  { heading: "STATE", cell: ({ state }, style) => (state === "active" ? style.green(state) : style.yellow(state)) },
  { heading: "BY", cell: ({ createdByName }) => harmless(createdByName) },
  { heading: "EXPIRES", cell: ({ expiresAt }) => expiresAt?.slice(0, 16).replace("T", " ") ?? "never" },
  {
    heading: "LAST USED",
    right: true,
    cell: ({ lastUsedAt }) => (lastUsedAt ? `${formatAge(lastUsedAt)} ago` : "never"),
  },
];

function findToken(tokens: readonly TokenInfo[], ref: string): TokenInfo {
  const found = tokens.filter(({ id, name }) => id === ref || name === ref);
  if (found.length === 1 && found[0]) return found[0];
  const why = found.length === 0 ? "There is no token" : "Several tokens have the name";
  throw new CliError(`${why} ${JSON.stringify(ref)}.`, { remedy: "./minirun tokens list has their ids." });
}

const hour = 3_600_000;
const day = 24 * hour;

/** Milliseconds from what a person types: 12h, 30d; null for never. */
function readSpan(text: string): number | null {
  if (text === "never") return null;
  const [, count, unit] = /^([1-9]\d{0,4})([hd])$/.exec(text) ?? [];
  if (!count) throw new InvalidArgumentError("It must be a number of hours or days, such as 12h or 30d, or never.");
  return Number(count) * (unit === "h" ? hour : day);
}
