import type { Command } from "commander";
import { ExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { styleFor } from "../style.ts";
import { targetOf } from "../target.ts";

export function registerHealth(program: Command): void {
  const command = program
    .command("health")
    .summary("show how the running MiniRun is")
    .description("Shows how the running MiniRun is. Exit code 1 when a part is away.")
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }, command: Command) => {
      const health = await targetOf(command).client.call("health");
      const style = styleFor(process.stdout);
      const paint = health.status === "ok" ? style.green : style.yellow;
      if (options.json) printJson(health);
      else {
        console.log(
          `${paint(health.status)}, worker ${health.worker.status}, database ${health.database.status} (${health.database.mode})`,
        );
        for (const reason of health.reasons) console.log(`  ${reason}`);
      }
      process.exitCode = health.status === "ok" ? ExitCode.ok : ExitCode.failure;
    });
  addExamples(command, "./minirun health", "./minirun health --json");
}
