import { Command, CommanderError } from "commander";
import { UnreachableError } from "../lib/client/api.ts";
import { registerContainerCommands } from "./commands/containers.ts";
import { registerDown } from "./commands/down.ts";
import { registerStatus } from "./commands/status.ts";
import { registerToken } from "./commands/token.ts";
import { registerUp } from "./commands/up.ts";
import { describeError, exitCodeOf } from "./errors.ts";
import { version } from "./installation.ts";
import { styleFor } from "./style.ts";
import { explainUnreachable } from "./target.ts";

const exitCodes = `
Exit codes: 0 done · 1 refused or failed · 2 wrong usage · 125 MiniRun cannot be reached;
start --attach and attach end with the container's own exit code.
Settings: MINIRUN_HOME, MINIRUN_RUN, MINIRUN_HOST, MINIRUN_PORT, MINIRUN_URL, MINIRUN_TOKEN, DATABASE_URL, NO_COLOR.`;

function makeProgram(): Command {
  const program = new Command("minirun")
    .description("A container engine that you can see through.")
    .version(version, "-V, --version", "print the version")
    .option("--url <address>", "MiniRun to talk to (MINIRUN_URL); this machine's when left out")
    .showSuggestionAfterError()
    .addHelpText("after", exitCodes)
    .exitOverride();
  registerUp(program);
  registerDown(program);
  registerStatus(program);
  registerToken(program);
  registerContainerCommands(program);
  return program;
}

try {
  await makeProgram().parseAsync();
} catch (caught) {
  const error = caught instanceof UnreachableError ? explainUnreachable(caught) : caught;
  // Commander has said what was wrong with the usage itself.
  if (!(error instanceof CommanderError)) console.error(describeError(error, styleFor(process.stderr)));
  process.exitCode = exitCodeOf(error);
}
