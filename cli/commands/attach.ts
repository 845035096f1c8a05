import type { Command } from "commander";
import { addDetachKeys } from "../attach-options.ts";
import { withAttachedExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { attach } from "../run-attached.ts";
import { targetOf } from "../target.ts";

export function registerAttach(program: Command): void {
  const command = program
    .command("attach")
    .summary("connect this terminal with a running container")
    .description(
      "Connects this terminal, or pipes, with a running container's first process, from the output that it still holds. The detach keys leave it running. Ends with the container's exit code.",
    )
    .argument("<name>", "name or id")
    .option("--no-stdin", "watch alone: pass no input on")
    .action(async (name: string, options: { stdin: boolean; detachKeys: number[] }, command: Command) => {
      const { stdin: input, detachKeys } = options;
      process.exitCode = await withAttachedExitCode(() => attach(targetOf(command), name, { input, detachKeys }));
    });
  addDetachKeys(command);
  addExamples(command, "./minirun attach web", "echo 'uname -a; exit' | ./minirun attach shell");
}
