import type { Argument, Command, Option } from "commander";
import { examplesOf } from "./examples.ts";

export interface OptionInfo {
  /** As help shows it: `-m, --memory <size>`. */
  flags: string;
  short: string | undefined;
  long: string | undefined;
  takesValue: boolean;
  choices: readonly string[];
  description: string;
}

export interface CommandInfo {
  /** Words that lead to it, without the program's: `files ls`. */
  path: string;
  aliases: readonly string[];
  usage: string;
  summary: string;
  description: string;
  group: string;
  /** Whether its first word is a container's name. */
  takesContainer: boolean;
  options: readonly OptionInfo[];
  examples: readonly string[];
  subcommands: readonly string[];
}

/** Every command that help shows, in its order, each before those below it. */
export function describeProgram(program: Command): CommandInfo[] {
  return visibleCommands(program).flatMap((command) => describe(command, ""));
}

function describe(command: Command, above: string): CommandInfo[] {
  const path = `${above}${command.name()}`;
  const below = visibleCommands(command);
  const info: CommandInfo = {
    path,
    aliases: command.aliases(),
    usage: `minirun ${path} ${command.usage()}`,
    summary: command.summary() || command.description(),
    description: command.description(),
    group: command.helpGroup(),
    takesContainer: command.registeredArguments.some(isContainer),
    options: visibleOptions(command).map(describeOption),
    examples: examplesOf(command),
    subcommands: below.map((each) => each.name()),
  };
  return [info, ...below.flatMap((each) => describe(each, `${path} `))];
}

const isContainer = (argument: Argument) =>
  /^names? or ids?\b/.test(argument.description) || argument.name() === "source";

/** The implicit `help` says what --help does. */
function visibleCommands(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== "help");
}

function visibleOptions(command: Command): Option[] {
  return command.createHelp().visibleOptions(command);
}

function describeOption({ flags, short, long, required, optional, argChoices, description }: Option): OptionInfo {
  return { flags, short, long, takesValue: required || optional, choices: argChoices ?? [], description };
}
