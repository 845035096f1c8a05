import type { Command } from "commander";
import { defined } from "../container-options.ts";
import { addExamples } from "../examples.ts";
import { addForEachOptions, type ForEachOptions, forEachContainer } from "../for-each.ts";
import { readCount } from "../options.ts";
import { targetOf } from "../target.ts";

interface KillOptions extends ForEachOptions {
  signal?: string;
  pid?: number;
}

export function registerKill(program: Command): void {
  const command = program
    .command("kill")
    .summary("send a signal to containers")
    .description(
      "Sends a signal to a container's first process, or to another of its processes: SIGKILL, or the one that is named.",
    )
    .option("-s, --signal <signal>", "HUP, INT, QUIT, KILL, USR1, USR2, TERM, CONT, STOP, WINCH, with or without SIG")
    .option("--pid <number>", "the process, by its number in the container (top shows it)", readCount)
    .action((names: string[], options: KillOptions, command: Command) => {
      const { client } = targetOf(command);
      const body = defined({ signal: options.signal });
      return forEachContainer(names, options, async (name, idempotencyKey) => {
        if (options.pid === undefined) {
          return client.call("killContainer", { params: { name }, body, idempotencyKey });
        }
        await client.call("signalProcess", { params: { name, pid: String(options.pid) }, body });
        return client.call("getContainer", { params: { name } });
      });
    });
  addForEachOptions(command);
  addExamples(
    command,
    "./minirun kill web",
    "./minirun kill --signal HUP web",
    "./minirun kill --pid 1 --signal USR1 web",
  );
}
