import type { ServerResponse } from "node:http";
import { constants } from "node:os";
import { KillArguments } from "../../lib/contract/operation.ts";
import { fail, parseOrFail } from "../../lib/contract/problem.ts";
import type { StatsSnapshot } from "../../lib/contract/stats.ts";
import type { Context } from "../context.ts";
import { firstProcess } from "../files/container-root.ts";
import { notRunning } from "../operations/outcome.ts";
import { listProcesses } from "../processes/list-processes.ts";
import { signalProcess } from "../processes/signal-process.ts";
import type { ContainerRecord } from "../state/record.ts";
import { orNull } from "../stats/measurement.ts";
import type { Monitor } from "../stats/monitor.ts";
import type { Call, WorkerRoute } from "./server.ts";

/** A reader that leaves this much waiting is cut off; it comes again. */
const maxBacklogBytes = 4 * 1024 * 1024;

interface Services {
  monitor: Monitor;
  stopping: AbortSignal;
}

/** The calls about what containers use, and their processes. */
export function statsRoutes(
  context: Context,
  { monitor, stopping }: Services,
  container: (call: Call) => ContainerRecord,
): WorkerRoute[] {
  const at = (name: string) => new RegExp(`^/containers/(?<ref>[^/]+)/${name}$`);
  return [
    {
      method: "GET",
      pattern: /^\/stats$/,
      handle: ({ query, response }) =>
        query.has("follow") ? streamStats(monitor, response, stopping) : monitor.snapshot(),
    },
    { method: "GET", pattern: at("stats"), handle: (call) => statsOf(context, monitor, container(call)) },
    {
      method: "GET",
      pattern: at("stats/recent"),
      handle: (call) => recentOf(context, container(call), Number(call.query.get("from") ?? 0)),
    },
    { method: "GET", pattern: at("processes"), handle: (call) => listProcesses(context, container(call)) },
    {
      method: "POST",
      pattern: at("processes/(?<pid>\\d{1,10})/signal"),
      handle: (call) => {
        const { signal } = parseOrFail(KillArguments, call.body);
        return signalProcess(context, container(call), Number(call.params.pid), constants.signals[signal]);
      },
    },
  ];
}

async function statsOf(context: Context, monitor: Monitor, record: ContainerRecord) {
  if (!firstProcess(context, record)) throw notRunning(record);
  const { containers } = await monitor.snapshot();
  const sample = containers.find(({ containerId }) => containerId === record.id);
  if (sample) return sample;
  throw fail("container-not-running", "It was not measured yet", `${record.spec.name} has just started.`, {
    remedy: "Ask again in a second.",
  });
}

/** The points of the last fifteen minutes that memory has, each a second and its values: also those that the database lacks. */
function recentOf({ history }: Context, { id }: ContainerRecord, from: number): (number | null)[][] {
  return history.read(id, from).map(({ second, values }) => [second, ...Array.from(values, orNull)]);
}

/** Sends a snapshot a second as lines of JSON until the client leaves or the worker stops. */
function streamStats(monitor: Monitor, response: ServerResponse, stopping: AbortSignal): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.flushHeaders();
  const unsubscribe = monitor.subscribe((snapshot) => {
    response.write(lineOf(snapshot));
    if (response.writableLength > maxBacklogBytes) response.destroy();
  });
  return new Promise((resolve) => {
    const stop = () => response.end();
    stopping.addEventListener("abort", stop);
    response.once("close", () => {
      unsubscribe();
      stopping.removeEventListener("abort", stop);
      resolve();
    });
  });
}

function lineOf(snapshot: StatsSnapshot): string {
  return `${JSON.stringify(snapshot)}\n`;
}
