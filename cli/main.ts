import { CommanderError } from "commander";
import { watchForBrokenPipes } from "./broken-pipe.ts";
import { describeError, exitCodeOf, explainUnreachable } from "./errors.ts";
import { makeProgram } from "./program.ts";
import { styleFor } from "./style.ts";

watchForBrokenPipes();

try {
  const program = await makeProgram(process.argv.slice(2));
  await program.parseAsync();
} catch (caught) {
  const error = explainUnreachable(caught);
  // Commander has said what was wrong with the usage itself.
  if (!(error instanceof CommanderError)) console.error(describeError(error, styleFor(process.stderr)));
  process.exitCode = exitCodeOf(error);
}
