import type { Command } from "commander";
import { addExamples } from "../examples.ts";
import { addForEachOptions, type ForEachOptions, forEachContainer } from "../for-each.ts";
import { targetOf } from "../target.ts";

export function registerPause(program: Command): void {
  const command = program
    .command("pause")
    .summary("freeze every process of containers")
    .description(
      "Freezes every process of a container by its control group; nothing in it notices. resume lets it go on.",
    )
    .action((names: string[], options: ForEachOptions, command: Command) => {
      const { client } = targetOf(command);
      return forEachContainer(names, options, (name, idempotencyKey) =>
        client.call("pauseContainer", { params: { name }, idempotencyKey }),
      );
    });
  addForEachOptions(command);
  addExamples(command, "./minirun pause web");
}
