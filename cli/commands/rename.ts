import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { addExamples } from "../examples.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";

export function registerRename(program: Command): void {
  const command = program
    .command("rename")
    .summary("give a container another name")
    .description("Gives a container another name, whether it runs or not. Its host name stays.")
    .argument("<name>", "name or id")
    .argument("<new-name>", "lower-case letters, digits, '_', '.', '-'")
    .addOption(jsonOption())
    .action(async (name: string, newName: string, options: { json?: boolean }, command: Command) => {
      const container = await targetOf(command).client.call("updateContainer", {
        params: { name },
        body: { name: newName },
        idempotencyKey: randomUUID(),
      });
      if (options.json) printJson(container);
      else console.log(container.name);
    });
  addExamples(command, "./minirun rename web web-old");
}
