import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { Client } from "../../lib/client/api.ts";
import type { ContainerEnd } from "../../lib/contract/container.ts";
import { CliError } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { jsonOption, readSeconds } from "../options.ts";
import { printJson } from "../output.ts";
import { targetOf } from "../target.ts";

/** How long one call may wait; the wait goes on with the next. */
const callSeconds = 60;

export function registerWait(program: Command): void {
  const command = program
    .command("wait")
    .summary("wait until containers have ended, and print their exit codes")
    .description(
      "Waits until each container has ended and prints its exit code. Exit code 1 when the time was over before.",
    )
    .argument("<name...>", "names or ids")
    .option("--timeout <seconds>", "wait no longer than this", readSeconds)
    .addOption(jsonOption())
    .action(async (names: string[], options: { timeout?: number; json?: boolean }, command: Command) => {
      const { client } = targetOf(command);
      const deadline = Date.now() + (options.timeout ?? Number.POSITIVE_INFINITY) * 1000;
      const ends = await Promise.all(
        names.map(async (name) => ({ name, ...(await waitForEnd(client, name, deadline)) })),
      );
      if (options.json) printJson(ends.length === 1 ? ends[0] : ends);
      else for (const { exitCode } of ends) console.log(exitCode ?? "-");
    });
  addExamples(command, "./minirun wait job", "./minirun wait --timeout 5 --json job");
}

/** Waits for a container's end. Throws a CliError when `deadline` (milliseconds since 1970) comes first. */
export async function waitForEnd(client: Client, name: string, deadline: number): Promise<ContainerEnd> {
  for (;;) {
    const left = (deadline - Date.now()) / 1000;
    const timeoutSeconds = Math.max(0, Math.min(callSeconds, left));
    const end = await client.call("waitContainer", { params: { name }, query: { timeoutSeconds } });
    if (end.state === "exited" || end.state === "lost") return end;
    if (end.state === "created") {
      throw new CliError(`${name} was never started.`, { remedy: `./minirun start ${name} starts it.` });
    }
    if (Date.now() >= deadline) {
      throw new CliError(`${name} has not ended in time: it is ${end.state}.`, {
        remedy: `./minirun stop ${name} ends it.`,
      });
    }
    // One that its restart policy starts again answers at once.
    if (end.state === "restarting") await sleep(Math.min(500, deadline - Date.now()));
  }
}
