import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { type Config, paths } from "../../lib/config.ts";
import { Container, type ContainerState } from "../../lib/contract/container.ts";
import { operator } from "../../lib/contract/principal.ts";
import { endProcess, isAlive } from "./process-identity.ts";

const PidFile = z.object({ pid: z.int(), startTime: z.string(), shimPid: z.int(), shimStartTime: z.string() });

/** Every other state has processes, or a restart policy that is about to make some. */
const ended: readonly ContainerState[] = ["created", "exited", "lost"];

/** Seconds between SIGTERM and SIGKILL. */
const timeoutSeconds = 10;

/** Stops every container that runs, through the worker where it answers, else by signals. Returns how many there were. */
export async function stopContainers(config: Config, workerAnswers: boolean): Promise<number> {
  return workerAnswers ? stopByWorker(paths(config).workerSocket) : stopBySignal(paths(config).runContainers);
}

async function stopByWorker(socket: string): Promise<number> {
  const all = z.array(Container).parse(await callWorker(socket, "GET", "/containers"));
  const running = all.filter(({ state }) => !ended.includes(state));
  const stops = running.map((container) =>
    callWorker(socket, "POST", "/operations", {
      id: randomUUID(),
      containerId: container.id,
      principal: operator.id,
      generation: null,
      requestedAt: new Date().toISOString(),
      verb: "stop",
      arguments: { timeoutSeconds },
    }),
  );
  await Promise.all(stops);
  return running.length;
}

/** The shim forwards SIGTERM to the container's init; the end of init ends everything in its PID namespace. */
async function stopBySignal(folder: string): Promise<number> {
  const running = readPidFiles(folder).filter(({ shim }) => isAlive(shim));
  await Promise.all(
    running.map(async ({ shim, init }) => {
      if (await endProcess(shim, [["SIGTERM", timeoutSeconds * 1000]])) return;
      await endProcess(init, [["SIGKILL", 5000]]);
      await endProcess(shim, [["SIGTERM", 10_000]]);
    }),
  );
  return running.length;
}

function readPidFiles(folder: string) {
  return listFolder(folder).flatMap((id) => {
    try {
      const file = PidFile.parse(JSON.parse(readFileSync(join(folder, id, "pid.json"), "utf8")));
      const shim = { pid: file.shimPid, startTime: file.shimStartTime };
      return [{ shim, init: { pid: file.pid, startTime: file.startTime } }];
    } catch {
      return [];
    }
  });
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
