import type { Command } from "commander";
import { addDetachKeys } from "../attach-options.ts";
import { ExitCode, withAttachedExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { addForEachOptions, type ForEachOptions, forEachContainer } from "../for-each.ts";
import { signalContainer, startAttached } from "../run-attached.ts";
import { type Target, targetOf } from "../target.ts";

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
        process.exitCode = await withAttachedExitCode(() => startAndAttach(target, name, detachKeys));
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

async function startAndAttach(target: Target, name: string, detachKeys: readonly number[]): Promise<number> {
  const onReaderLeft = () => signalContainer(target, name, "SIGHUP");
  return (await startAttached(target, name, { input: true, detachKeys, onReaderLeft })).code;
}
