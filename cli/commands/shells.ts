import type { Command } from "commander";
import { addExamples } from "../examples.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";

export function registerShells(program: Command): void {
  const command = program
    .command("shells")
    .summary("list the shells that a container has")
    .description("Lists the shells that a container has, the best first: exec without a command takes that one.")
    .argument("<name>", "name or id")
    .addOption(jsonOption())
    .action(async (name: string, options: { json?: boolean }, command: Command) => {
      const { items } = await targetOf(command).client.call("listShells", { params: { name } });
      if (options.json) printJson(items);
      else for (const shell of items) console.log(harmless(shell));
    });
  addExamples(command, "./minirun shells web");
}
