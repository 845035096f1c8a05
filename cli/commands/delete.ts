import type { Command } from "commander";
import { addExamples } from "../examples.ts";
import { addForEachOptions, type ForEachOptions, forEachContainer } from "../for-each.ts";
import { targetOf } from "../target.ts";

export function registerDelete(program: Command): void {
  const command = program
    .command("delete")
    .alias("rm")
    .summary("delete containers")
    .description("Deletes containers with their files and output. One that runs is refused, unless --force kills it.")
    .option("-f, --force", "kill the ones that run")
    .action((names: string[], options: ForEachOptions & { force?: boolean }, command: Command) => {
      const { client } = targetOf(command);
      const query = { force: options.force === true };
      return forEachContainer(names, options, (name, idempotencyKey) =>
        client.call("deleteContainer", { params: { name }, query, idempotencyKey }),
      );
    });
  addForEachOptions(command);
  addExamples(command, "./minirun delete job", "./minirun rm -f web job");
}
