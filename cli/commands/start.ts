import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Container } from "../../lib/contract/container.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import { attach } from "../attach.ts";
import { describeExit } from "../describe-state.ts";
import { ExitCode } from "../errors.ts";
import { printJson } from "../output.ts";
import { styleFor } from "../style.ts";
import { type Target, targetOf } from "../target.ts";
import { followLog } from "./logs.ts";

export function registerStart(program: Command): void {
  program
    .command("start")
    .summary("start containers")
    .description("Starts containers; one that runs already stays as it is.")
    .argument("<name...>", "names or ids")
    .option("-a, --attach", "attach to it (one container), and end with its exit code; Ctrl-P Ctrl-Q detaches")
    .option("--json", "print the container as JSON")
    .addHelpText("after", "\nExamples:\n  ./minirun start web\n  ./minirun start --attach web")
    .action(async (names: string[], options: { attach?: boolean; json?: boolean }, command: Command) => {
      const [first = "", ...others] = names;
      if (options.attach && others.length > 0)
        command.error("error: --attach takes one container", { exitCode: ExitCode.usage });
      const target = targetOf(command);
      if (options.attach) {
        process.exitCode = await startAttached(target, first);
        return;
      }
      for (const name of names) {
        const container = await start(target, name);
        if (options.json) printJson(container);
        else console.log(name);
      }
    });
}

function start({ client }: Target, name: string): Promise<Container> {
  return client.call("startContainer", { params: { name }, idempotencyKey: randomUUID() });
}

/** Returns the exit code: the container's own, or 0 after detaching. */
async function startAttached(target: Target, name: string): Promise<number> {
  const started = await start(target, name);
  try {
    const exit = await attach(target, started.id);
    if (exit && exit.reason !== "exited") explainExit(exit);
    return exit ? (exit.exitCode ?? ExitCode.unreachable) : ExitCode.ok;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== "container-not-running") throw error;
    return replay(target, started);
  }
}

/** The container ended before we could attach: its output of this run is in the log. */
async function replay({ client }: Target, started: Container): Promise<number> {
  for await (const { time, stream, text } of followLog(client, started.id, {})) {
    if (started.startedAt && time >= started.startedAt)
      (stream === "stderr" ? process.stderr : process.stdout).write(text);
  }
  const ended = await client.call("getContainer", { params: { name: started.id } });
  if (ended.reason !== "exited") explainExit(ended);
  return ended.exitCode ?? ExitCode.unreachable;
}

function explainExit(exit: { exitCode: number | null; signal: string | null; reason: string | null }): void {
  const style = styleFor(process.stderr);
  console.error(style.yellow(`the container ended: ${describeExit(exit)}`));
}
