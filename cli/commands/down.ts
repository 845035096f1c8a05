import { rmdirSync, rmSync } from "node:fs";
import type { Command } from "commander";
import { type Config, paths, readConfig } from "../../lib/config.ts";
import { CliError } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { readSeconds } from "../options.ts";
import { databaseStopSteps } from "../supervisor/database-part.ts";
import { requireRoot } from "../supervisor/prepare.ts";
import { endProcess, isAlive, signalProcess, waitForEnd } from "../supervisor/process-identity.ts";
import { readState, type SupervisorState } from "../supervisor/state.ts";
import { stopContainers } from "../supervisor/stop-containers.ts";
import { cleanRunFolder } from "../supervisor/supervise.ts";
import { nodeStopSteps } from "../supervisor/web-and-worker.ts";

/** Web and worker have 15 s each, the database 30 s, and something to spare. */
const stopMilliseconds = 90_000;

interface DownOptions {
  all?: boolean;
  time?: number;
}

export function registerDown(program: Command): void {
  const command = program
    .command("down")
    .summary("stop MiniRun; containers go on unless --all")
    .description("Stops dashboard, worker and database. Containers go on, and the next up finds them again.")
    .option("--all", "stop the containers too: SIGTERM, and SIGKILL when one has not ended in time")
    .option("-t, --time <seconds>", "with --all: time between the two (10 when left out)", readSeconds)
    .action(async (options: DownOptions) => {
      requireRoot("down", "ends processes of root's");
      await down(readConfig(), options);
    });
  addExamples(command, "./minirun down", "./minirun down --all --time 1");
}

async function down(config: Config, { all = false, time = 10 }: DownOptions): Promise<void> {
  const state = readState(config);
  const supervised = state !== null && isAlive(state);
  if (all) {
    const count = await stopContainers(config, {
      workerAnswers: supervised && state.parts.worker?.state === "running",
      timeoutSeconds: time,
    });
    console.log(count === 1 ? "1 container stopped." : `${count} containers stopped.`);
  }
  if (supervised) await stopSupervisor(config, state);
  else await endLeftParts(config, state);
  removeRunFolder(config);
}

async function stopSupervisor(config: Config, state: SupervisorState): Promise<void> {
  signalProcess(state, "SIGTERM");
  if (!(await waitForEnd(state, stopMilliseconds))) {
    throw new CliError(`The supervisor (pid ${state.pid}) has not ended within ${stopMilliseconds / 1000} s.`, {
      remedy: `See ${config.home}/logs/supervisor.log; kill -9 ${state.pid} and ./minirun down end the rest.`,
    });
  }
  console.log("MiniRun has stopped.");
}

/** Ends what a supervisor that was killed has left running. */
async function endLeftParts(config: Config, state: SupervisorState | null): Promise<void> {
  const left = Object.entries(state?.parts ?? {}).filter(([, part]) => part.process && isAlive(part.process));
  for (const [name, part] of left) {
    if (part.process) await endProcess(part.process, name === "database" ? databaseStopSteps : nodeStopSteps);
  }
  cleanRunFolder(config);
  const names = left.map(([name]) => name).join(", ");
  console.log(names ? `MiniRun's supervisor was gone; ${names} stopped now.` : "MiniRun does not run.");
}

/** RUN itself goes when no container is in it. */
function removeRunFolder(config: Config): void {
  try {
    rmdirSync(paths(config).runContainers);
    rmSync(`${config.run}/supervisor.lock`, { force: true });
    rmdirSync(config.run);
  } catch {
    // Containers still run, or it was never there.
  }
}
