import type { Command } from "commander";
import { attach } from "../attach.ts";
import { ExitCode } from "../errors.ts";
import { targetOf } from "../target.ts";

export function registerAttach(program: Command): void {
  program
    .command("attach")
    .summary("connect this terminal with a running container")
    .description(
      "Connects this terminal, or pipes, with a running container's first process, from the output that it still holds. Ctrl-P Ctrl-Q detaches and leaves it running. Ends with the container's exit code.",
    )
    .argument("<name>", "name or id")
    .addHelpText("after", "\nExamples:\n  ./minirun attach web\n  echo 'uname -a; exit' | ./minirun attach web")
    .action(async (name: string, _options: unknown, command: Command) => {
      const exit = await attach(targetOf(command), name);
      process.exitCode = exit ? (exit.exitCode ?? ExitCode.unreachable) : ExitCode.ok;
    });
}
