import type { Command } from "commander";
import { describeProgram } from "../describe-program.ts";
import { addExamples } from "../examples.ts";
import { version } from "../installation.ts";
import { manualPage } from "../manual-page.ts";
import { makeWholeProgram } from "../program.ts";

export function registerMan(program: Command): void {
  const command = program
    .command("man")
    .summary("print the manual page")
    .description("Prints the manual page, minirun(1), in the format of man(7).")
    .action(async () => {
      process.stdout.write(manualPage(describeProgram(await makeWholeProgram()), version));
    });
  addExamples(command, "./minirun man | man -l -", "./minirun man > minirun.1");
}
