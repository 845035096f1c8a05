import type { Command } from "commander";
import { addDetachKeys } from "../attach-options.ts";
import { ExitCode, withAttachedExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { addForEachOptions, type ForEachOptions, forEachContainer } from "../for-each.ts";
import { startAttached } from "../run-attached.ts";
import { targetOf } from "../target.ts";

interface StartOptions extends ForEachOptions {
  attach?: boolean;
  interactive?: boolean;
  detachKeys: number[];
}

export function registerStart(program: Command): void {
  const command = program
    .command("start")
    .summary("start containers")
    .description("Starts containers; one that runs already stays as it is.")
    .option("-a, --attach", "attach to it (one container), and end with its exit code")
    .option("-i, --interactive", "the same: what is attached has this terminal's input in any case")
    .action(async (names: string[], options: StartOptions, command: Command) => {
      const { detachKeys } = options;
      const target = targetOf(command);
      if (options.attach || options.interactive) {
        const [name = "", ...others] = names;
        if (others.length > 0) command.error("error: --attach takes one container", { exitCode: ExitCode.usage });
        const attach = async () => (await startAttached(target, name, { input: true, detachKeys })).code;
        process.exitCode = await withAttachedExitCode(attach);
        return;
      }
      await forEachContainer(names, options, (name, idempotencyKey) =>
        target.client.call("startContainer", { params: { name }, idempotencyKey }),
      );
    });
  addForEachOptions(command);
  addDetachKeys(command);
  addExamples(command, "./minirun start web", "./minirun start --attach shell");
}
