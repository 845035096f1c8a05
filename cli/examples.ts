import type { Command } from "commander";

const known = new WeakMap<Command, readonly string[]>();

/** Gives a command its examples, each a line for a shell; its help shows them, and so does the manual. */
export function addExamples(command: Command, ...lines: readonly string[]): Command {
  known.set(command, lines);
  return command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

export function examplesOf(command: Command): readonly string[] {
  return known.get(command) ?? [];
}
