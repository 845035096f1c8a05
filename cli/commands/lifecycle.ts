import { randomUUID } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";
import type { Container } from "../../lib/contract/container.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";

/** Does the same to each container named, in order; prints each name when it is done. Stops at the first that fails. */
async function forEach(
  names: string[],
  json: boolean | undefined,
  act: (name: string, idempotencyKey: string) => Promise<Container | undefined>,
): Promise<void> {
  for (const name of names) {
    const container = await act(name, randomUUID());
    if (json) printJson(container ?? { name, deleted: true });
    else console.log(name);
  }
}

/** stop, kill and delete. */
export function registerLifecycle(program: Command): void {
  program
    .command("stop")
    .summary("stop containers")
    .description("Sends SIGTERM to a container's first process, and SIGKILL when it has not ended in time.")
    .argument("<name...>", "names or ids")
    .option("-t, --time <seconds>", "time between SIGTERM and SIGKILL (10 when left out)", readSeconds)
    .option("--json", "print the container as JSON")
    .addHelpText("after", "\nExamples:\n  ./minirun stop web\n  ./minirun stop --time 1 web job")
    .action((names: string[], options: { time?: number; json?: boolean }, command: Command) => {
      const { client } = targetOf(command);
      const body = options.time === undefined ? {} : { timeoutSeconds: options.time };
      return forEach(names, options.json, (name, idempotencyKey) =>
        client.call("stopContainer", { params: { name }, body, idempotencyKey }),
      );
    });

  program
    .command("kill")
    .summary("send a signal to containers")
    .description("Sends a signal to a container's first process: SIGKILL, or the one that is named.")
    .argument("<name...>", "names or ids")
    .option("-s, --signal <signal>", "HUP, INT, QUIT, KILL, USR1, USR2, TERM, CONT, STOP, WINCH, with or without SIG")
    .option("--json", "print the container as JSON")
    .addHelpText("after", "\nExamples:\n  ./minirun kill web\n  ./minirun kill --signal HUP web")
    .action((names: string[], options: { signal?: string; json?: boolean }, command: Command) => {
      const { client } = targetOf(command);
      const body = options.signal === undefined ? {} : { signal: options.signal };
      return forEach(names, options.json, (name, idempotencyKey) =>
        client.call("killContainer", { params: { name }, body, idempotencyKey }),
      );
    });

  program
    .command("delete")
    .alias("rm")
    .summary("delete containers")
    .description("Deletes containers with their files and output. One that runs is refused, unless --force kills it.")
    .argument("<name...>", "names or ids")
    .option("-f, --force", "kill the ones that run")
    .option("--json", "print what was deleted as JSON")
    .addHelpText("after", "\nExamples:\n  ./minirun delete web\n  ./minirun rm -f web job")
    .action((names: string[], options: { force?: boolean; json?: boolean }, command: Command) => {
      const { client } = targetOf(command);
      return forEach(names, options.json, (name, idempotencyKey) =>
        client.call("deleteContainer", { params: { name }, query: { force: options.force === true }, idempotencyKey }),
      );
    });
}

function readSeconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError("It must be a number of seconds.");
  return value;
}
