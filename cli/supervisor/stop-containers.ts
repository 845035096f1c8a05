import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { type Config, paths } from "../../lib/config.ts";
import { Container, type ContainerState } from "../../lib/contract/container.ts";
import { operator } from "../../lib/contract/principal.ts";
import { endProcess, isAlive } from "./process-identity.ts";

const PidFile = z.object({ pid: z.int(), startTime: z.string(), shimPid: z.int(), shimStartTime: z.string() });

/** Every other state has processes, or a restart policy that is about to make some. */
const ended: readonly ContainerState[] = ["created", "exited", "lost"];

export interface StopOptions {
  /** Whether to ask the worker; by signals otherwise. */
  workerAnswers: boolean;
  /** Seconds between SIGTERM and SIGKILL. */
  timeoutSeconds: number;
}

/** Stops every container that runs. Returns how many there were. */
export async function stopContainers(config: Config, options: StopOptions): Promise<number> {
  const { workerAnswers, timeoutSeconds } = options;
  if (workerAnswers) return stopByWorker(paths(config).workerSocket, timeoutSeconds);
  const count = await stopBySignal(paths(config).runContainers, timeoutSeconds);
  removeControlGroup(config.cgroup);
  return count;
}

/** Removes the empty group that held the containers' from every hierarchy, as the worker does when it ends after them. */
function removeControlGroup(name: string): void {
  for (const line of readFileSync("/proc/self/mounts", "utf8").split("\n")) {
    const [, folder = "", type = ""] = line.split(" ");
    if (!type.startsWith("cgroup")) continue;
    try {
      rmdirSync(join(folder, name));
    } catch {
      // It is not there, or something that we did not stop lives in it.
    }
  }
}

async function stopByWorker(socket: string, timeoutSeconds: number): Promise<number> {
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
async function stopBySignal(folder: string, timeoutSeconds: number): Promise<number> {
  const running = runningShims(folder);
  await Promise.all(
    running.map(async ({ shim, init }) => {
      if (await endProcess(shim, [["SIGTERM", timeoutSeconds * 1000]])) return;
      await endProcess(init, [["SIGKILL", 5000]]);
      await endProcess(shim, [["SIGTERM", 10_000]]);
    }),
  );
  return running.length;
}

/** The containers that run, whoever looks after them; `folder` is RUN/containers. */
export function runningShims(folder: string) {
  return readPidFiles(folder).filter(({ shim }) => isAlive(shim));
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
