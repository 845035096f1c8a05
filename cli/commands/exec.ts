import type { Command } from "commander";
import { addDetachKeys } from "../attach-options.ts";
import { defined } from "../container-options.ts";
import { withAttachedExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { readEnvFile, readVariable } from "../options.ts";
import { printJson } from "../output.ts";
import { exitCodeOfEnding, isProblem } from "../run-attached.ts";
import { type Target, targetOf } from "../target.ts";
import { connect } from "../terminal/connect.ts";
import { terminalSize } from "../terminal/terminal-size.ts";

interface ExecOptions {
  interactive?: boolean;
  tty?: boolean;
  detach?: boolean;
  env?: Record<string, string>;
  envFile?: Record<string, string>;
  workdir?: string;
  user?: string;
  detachKeys: number[];
  json?: boolean;
}

export function registerExec(program: Command): void {
  const command = program
    .command("exec")
    .summary("run a command in a running container")
    .description(
      "Runs a further command in a running container, and ends with its exit code; -i passes this terminal's input on, -t gives it a terminal, -d leaves it in the background. Without a command it is the best shell that the container has. Options come before the name.",
    )
    .passThroughOptions()
    .argument("<name>", "name or id")
    .argument("[command...]", "program and arguments")
    .option("-i, --interactive", "pass standard input on")
    .option("-t, --tty", "give it a terminal")
    .option("-d, --detach", "leave it in the background")
    .option("-e, --env <name=value>", "environment variable; NAME alone passes this shell's on", readVariable)
    .option("--env-file <file>", "environment variables from a file, a line each", readEnvFile)
    .option("-w, --workdir <path>", "working directory (the container's own when left out)")
    .option("-u, --user <user>", "USER or USER:GROUP, each a name or a number (the container's own when left out)");
  addDetachKeys(command)
    .option("--json", "with --detach: print the session as JSON")
    .action(async (name: string, words: string[], options: ExecOptions, command: Command) => {
      const target = targetOf(command);
      process.exitCode = await withAttachedExitCode(() => exec(target, name, words, options));
    });
  addExamples(
    command,
    "./minirun exec -it web bash",
    "./minirun exec web cat /etc/hostname",
    "echo data | ./minirun exec -i -w /tmp -e LC_ALL=C web tee data.txt",
    "./minirun exec -d web sleep 5",
  );
}

async function exec(target: Target, name: string, words: string[], options: ExecOptions): Promise<number> {
  const { client } = target;
  const { env, envFile, workdir, user, tty = false, interactive = false, detachKeys } = options;
  const command = words[0] === "--" ? words.slice(1) : words;
  const terminal: Record<string, string> = tty && process.env.TERM ? { TERM: process.env.TERM } : {};
  const body = {
    ...defined({ command: command.length > 0 ? command : undefined, workingDir: workdir, user }),
    mode: "exec" as const,
    env: { ...terminal, ...envFile, ...env },
    tty,
    ...terminalSize(),
  };
  const session = await client.call("createSession", { params: { name }, body });
  if (options.detach) {
    if (options.json) printJson(session);
    return 0;
  }
  // What this side is ended by ends the command too, as a hang-up does: nobody is left who could.
  const hangUp = async () => {
    try {
      await client.call("deleteSession", { params: { id: session.sessionId } });
    } catch (error) {
      if (!isProblem(error, "session-not-found")) throw error;
    }
  };
  const attached = { input: interactive, detachKeys, onSignal: hangUp, onReaderLeft: hangUp };
  return exitCodeOfEnding(await connect(target, session, attached), "command");
}
