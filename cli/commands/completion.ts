import { Argument, type Command } from "commander";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { describeProgram } from "../describe-program.ts";
import { addExamples } from "../examples.ts";
import { makeWholeProgram } from "../program.ts";

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export function registerCompletion(program: Command): void {
  const command = program
    .command("completion")
    .summary("print a script that completes commands for a shell")
    .description(
      "Prints a script for a shell that completes verbs, options, their values, and the names of containers.",
    )
    .addArgument(new Argument("<shell>", "which").choices(Object.keys(scripts)))
    .action(async (shell: keyof typeof scripts) => {
      process.stdout.write(scripts[shell](describeProgram(await makeWholeProgram())));
    });
  addExamples(
    command,
    "source <(./minirun completion bash)",
    "./minirun completion zsh > _minirun",
    "./minirun completion fish > minirun.fish",
  );
}
