import type { Command } from "commander";
import { defined } from "../container-options.ts";
import { addExamples } from "../examples.ts";
import { addForEachOptions, type ForEachOptions, forEachContainer } from "../for-each.ts";
import { readSeconds } from "../options.ts";
import { targetOf } from "../target.ts";

export function registerRestart(program: Command): void {
  const command = program
    .command("restart")
    .summary("stop containers that run, and start them")
    .description("Stops a container as stop does, if it runs, and starts it.")
    .option("-t, --time <seconds>", "time between SIGTERM and SIGKILL (10 when left out)", readSeconds)
    .action((names: string[], options: ForEachOptions & { time?: number }, command: Command) => {
      const { client } = targetOf(command);
      const body = defined({ timeoutSeconds: options.time });
      return forEachContainer(names, options, (name, idempotencyKey) =>
        client.call("restartContainer", { params: { name }, body, idempotencyKey }),
      );
    });
  addForEachOptions(command);
  addExamples(command, "./minirun restart web", "./minirun restart --time 1 web job");
}
