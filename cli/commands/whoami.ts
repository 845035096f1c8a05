import type { Command } from "commander";
import { addExamples } from "../examples.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";

export function registerWhoami(program: Command): void {
  const command = program
    .command("whoami")
    .summary("print who you are to MiniRun, and with which role")
    .description("Prints who the token stands for that commands use: the operator, or an API token in MINIRUN_TOKEN.")
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }, command: Command) => {
      const principal = await targetOf(command).client.call("whoAmI");
      if (options.json) return printJson(principal);
      const { id, name, role, credential } = principal;
      const until = credential.expiresAt === null ? "" : `, until ${credential.expiresAt}`;
      console.log(`${harmless(name)} (${harmless(id)}), ${role}, by ${credential.kind}${until}`);
    });
  addExamples(command, "./minirun whoami", "./minirun whoami --json");
}
