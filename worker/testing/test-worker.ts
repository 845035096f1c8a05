import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { expect } from "vitest";
import { readConfig } from "../../lib/config.ts";
import { ContainerSpec, type ContainerState } from "../../lib/contract/container.ts";
import { Operation } from "../../lib/contract/operation.ts";
import type { Context } from "../context.ts";
import { readInstallation } from "../installation.ts";
import { openContext } from "../open-context.ts";
import { execute } from "../operations/execute.ts";
import { reconcile, resume } from "../reconcile/reconcile.ts";
import { type Mortal, makeMortal } from "./mortal.ts";

/** A worker with the real addon and the real shim, in this process, on folders and a control group of its own. */
export interface TestWorker {
  /** Kills the worker that runs and starts one on the same folders; it may be doomed to die in its first steps. */
  restart(stepsToLive?: number): Promise<Context>;
  /** Kills the one that runs, at once or before the step after so many more; resolves when it is dead. */
  die(steps?: number): Promise<void>;
  /** Deletes all containers, and expects that nothing of them is left. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}

/** Makes the folders, and the image of the host, which all containers share. */
export async function makeTestWorker(): Promise<TestWorker> {
  const folder = await mkdtemp(join(tmpdir(), "minirun-test-worker-"));
  const config = readConfig({
    NODE_ENV: "test",
    MINIRUN_HOME: join(folder, "home"),
    MINIRUN_RUN: join(folder, "run"),
    MINIRUN_CGROUP: basename(folder),
  });
  const installation = readInstallation(fileURLToPath(new URL("../..", import.meta.url)));
  const open = () => openContext(config, installation, pino({ level: "silent" }));
  const { images, addon } = await open();
  await images.resolve("host");
  let worker: Mortal | null = null;

  const restart = async (stepsToLive = Number.POSITIVE_INFINITY): Promise<Context> => {
    worker?.die();
    worker = makeMortal({ ...(await open()), images });
    const { context, died } = worker;
    worker.die(stepsToLive);
    const recover = async () => {
      resume(context, await reconcile(context));
      await context.lanes.idle();
    };
    await Promise.race([recover(), died]);
    return context;
  };
  return {
    restart,
    async die(steps = 0) {
      worker?.die(steps);
      await worker?.died;
    },
    async clear() {
      const context = await restart();
      for (const { id } of context.records.live()) await execute(context, operation("delete", id, { force: true }));
      for (const { id } of context.records.all()) await addon.removeTree(context.records.folder(id));
      await context.outbox.drain(async () => "done");
      expect(await readdir(context.paths.runContainers)).toEqual([]);
      expect(addon.cgroupList(`/${config.cgroup}`)).toEqual([]);
    },
    async remove() {
      worker?.die();
      addon.cgroupRemoveRoot(`/${config.cgroup}`);
      await rm(folder, { recursive: true });
    },
  };
}

/** A shell script that goes on until SIGTERM and then exits with 7. */
export const endless = "trap 'exit 7' TERM; while :; do sleep 0.01; done";

/** A request as the web process makes it when the database is away. */
export function operation(verb: Operation["verb"], containerId: string, given: object): Operation {
  const request = { id: randomUUID(), containerId, principal: "operator", generation: null };
  return Operation.parse({ ...request, verb, requestedAt: new Date().toISOString(), arguments: given });
}

/** A request for a small container that runs a shell script. */
export function creation(id: string, script = endless, options: { name?: string; tty?: boolean } = {}): Operation {
  const limits = { memoryBytes: 64 * 1024 * 1024, cpus: 1, pids: 32 };
  const spec = { name: `c-${id.slice(0, 8)}`, tty: false, ...options, command: ["/bin/sh", "-c", script], limits };
  return operation("create", id, ContainerSpec.parse(spec));
}

/** Makes a container and starts it; answers its id. */
export async function startContainer(
  context: Context,
  script = endless,
  options: { tty?: boolean } = {},
): Promise<string> {
  const id = randomUUID();
  await execute(context, creation(id, script, options));
  const started = await execute(context, operation("start", id, {}));
  expect(started.problem).toBeNull();
  return id;
}

export async function untilState(context: Context, id: string, state: ContainerState): Promise<void> {
  await expect.poll(() => context.records.get(id)?.status.state, { timeout: 10_000 }).toBe(state);
}
