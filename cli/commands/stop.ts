import type { Command } from "commander";
import { defined } from "../container-options.ts";
import { addExamples } from "../examples.ts";
import { addForEachOptions, type ForEachOptions, forEachContainer } from "../for-each.ts";
import { readSeconds } from "../options.ts";
import { targetOf } from "../target.ts";

export function registerStop(program: Command): void {
  const command = program
    .command("stop")
    .summary("stop containers")
    .description("Sends SIGTERM to a container's first process, and SIGKILL when it has not ended in time.")
    .option("-t, --time <seconds>", "time between SIGTERM and SIGKILL (10 when left out)", readSeconds)
    .action((names: string[], options: ForEachOptions & { time?: number }, command: Command) => {
      const { client } = targetOf(command);
      const body = defined({ timeoutSeconds: options.time });
      return forEachContainer(names, options, (name, idempotencyKey) =>
        client.call("stopContainer", { params: { name }, body, idempotencyKey }),
      );
    });
  addForEachOptions(command);
  addExamples(command, "./minirun stop web", "./minirun stop --time 1 web job");
}
