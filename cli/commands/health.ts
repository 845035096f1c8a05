import type { Command } from "commander";
import { ExitCode } from "../errors.ts";
import { version } from "../installation.ts";
import { printJson } from "../output.ts";
import { styleFor } from "../style.ts";
import { targetOf } from "../target.ts";

export function registerHealth(program: Command): void {
  program
    .command("health")
    .summary("show how the running MiniRun is")
    .description("Shows how the running MiniRun is. Exit code 1 when a part is away.")
    .option("--json", "print JSON")
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

  program
    .command("version")
    .summary("print the versions of this program and of the running MiniRun")
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }, command: Command) => {
      const server = await targetOf(command)
        .client.call("health")
        .then((health) => health.version)
        .catch(() => null);
      if (options.json) printJson({ client: version, server });
      else console.log(`client ${version}\nserver ${server ?? "does not answer"}`);
    });
}
