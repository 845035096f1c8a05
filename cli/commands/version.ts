import type { Command } from "commander";
import { addExamples } from "../examples.ts";
import { version } from "../installation.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";

export function registerVersion(program: Command): void {
  const command = program
    .command("version")
    .summary("print the versions of this program and of the running MiniRun")
    .description("Prints the version of this program, and that of the MiniRun which it talks to.")
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }, command: Command) => {
      const server = await targetOf(command)
        .client.call("health")
        .then((health) => health.version)
        .catch(() => null);
      if (options.json) printJson({ client: version, server });
      else console.log(`client ${version}\nserver ${server ?? "does not answer"}`);
    });
  addExamples(command, "./minirun version", "./minirun version --json");
}
