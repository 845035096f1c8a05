import type { Command } from "commander";
import { addExamples } from "../examples.ts";
import { addForEachOptions, type ForEachOptions, forEachContainer } from "../for-each.ts";
import { targetOf } from "../target.ts";

export function registerResume(program: Command): void {
  const command = program
    .command("resume")
    .alias("unpause")
    .summary("let paused containers go on")
    .description("Lets every process of a paused container go on where it was.")
    .action((names: string[], options: ForEachOptions, command: Command) => {
      const { client } = targetOf(command);
      return forEachContainer(names, options, (name, idempotencyKey) =>
        client.call("resumeContainer", { params: { name }, idempotencyKey }),
      );
    });
  addForEachOptions(command);
  addExamples(command, "./minirun resume web");
}
