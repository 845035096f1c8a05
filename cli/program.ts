import { Command } from "commander";
import { version } from "./installation.ts";
import { findVerb, groups, type Verb } from "./verbs.ts";

const notes = `
Exit codes: 0 done · 1 refused or failed · 2 wrong usage · 3 a threshold of monitor was passed.
run, exec, attach and start --attach end with the container's own exit code, or with 125 when MiniRun could not do it,
126 when the command cannot be executed, 127 when it does not exist. 125 is also: MiniRun cannot be reached.
Settings: MINIRUN_HOME, MINIRUN_RUN, MINIRUN_HOST, MINIRUN_PORT, MINIRUN_URL, MINIRUN_TOKEN, DATABASE_URL, NO_COLOR.

./minirun VERB --help has the options and examples of a verb. Manual: ./minirun man | man -l -`;

/** The command tree: with the verb alone that the words name, or whole when they name none (help, a slip of the pen). */
export async function makeProgram(words: readonly string[]): Promise<Command> {
  const name = verbOf(words);
  if (name === undefined && words.some((word) => word === "-V" || word === "--version")) return makeEmptyProgram();
  const verb = name === undefined ? null : findVerb(name);
  if (!verb) return makeWholeProgram();
  const program = makeEmptyProgram();
  await register(program, verb);
  return program;
}

/** The command tree with every verb: for help, completion and the manual. */
export async function makeWholeProgram(): Promise<Command> {
  const program = makeEmptyProgram();
  for (const [title, verbs] of groups) {
    program.commandsGroup(title);
    for (const verb of verbs) await register(program, verb);
  }
  return program;
}

function makeEmptyProgram(): Command {
  return new Command("minirun")
    .description("A container engine that you can see through.")
    .version(version, "-V, --version", "print the version")
    .option("--url <address>", "MiniRun to talk to (MINIRUN_URL); this machine's when left out")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText("after", notes)
    .configureHelp({ sortOptions: false, showGlobalOptions: false })
    .exitOverride();
}

async function register(program: Command, verb: Verb): Promise<void> {
  const registerVerb = await verb.load();
  registerVerb(program);
}

/** The first word that is no option of the program itself. */
function verbOf(words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "--url") at += 1;
    else if (!word.startsWith("-")) return word;
  }
  return undefined;
}
