import type { Command } from "commander";
import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { type Config, paths, readConfig } from "../../lib/config.ts";
import { Container } from "../../lib/contract/container.ts";
import { ExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { formatAge } from "../format.ts";
import { printJson } from "../output.ts";
import { type Style, styleFor } from "../style.ts";
import { isAlive } from "../supervisor/process-identity.ts";
import { type PartState, partNames, readState } from "../supervisor/state.ts";
import { formatTable } from "../table.ts";

interface Status {
  running: boolean;
  address: string | null;
  version: string | null;
  release: string | null;
  startedAt: string | null;
  pid: number | null;
  parts: Partial<Record<(typeof partNames)[number], PartState & { alive: boolean }>>;
  /** Null where only root, or only a worker that answers, could tell. */
  containers: { total: number; running: number } | null;
}

export function registerStatus(program: Command): void {
  const command = program
    .command("status")
    .summary("show whether MiniRun runs, and each of its parts")
    .description("Shows each part, the address, uptime and containers. Exit code 1 when MiniRun does not run.")
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }) => {
      const status = await readStatus(readConfig());
      if (options.json) printJson(status);
      else console.log(describe(status, styleFor(process.stdout)));
      process.exitCode = status.running ? ExitCode.ok : ExitCode.failure;
    });
  addExamples(command, "./minirun status", "./minirun status --json");
}

async function readStatus(config: Config): Promise<Status> {
  const state = readState(config);
  const running = state !== null && isAlive(state);
  const parts: Status["parts"] = {};
  for (const name of partNames) {
    const part = state?.parts[name];
    if (part) parts[name] = { ...part, alive: part.process !== null && isAlive(part.process) };
  }
  return {
    running,
    address: running ? state.url : null,
    version: state?.version ?? null,
    release: state?.release ?? null,
    startedAt: running ? state.startedAt : null,
    pid: running ? state.pid : null,
    parts,
    containers: parts.worker?.alive ? await countContainers(config) : null,
  };
}

async function countContainers(config: Config): Promise<Status["containers"]> {
  try {
    const answer = await callWorker(paths(config).workerSocket, "GET", "/containers", undefined, { timeoutMs: 3000 });
    const all = z.array(Container).parse(answer);
    return { total: all.length, running: all.filter(({ state }) => state === "running").length };
  } catch {
    return null;
  }
}

function describe(status: Status, style: Style): string {
  const parts = Object.entries(status.parts);
  if (!status.running) {
    const left = parts.filter(([, part]) => part.alive).map(([name, part]) => `${name} (pid ${part.process?.pid})`);
    const rest = left.length > 0 ? `, but of one that was killed these go on: ${left.join(", ")}` : "";
    return `MiniRun does not run${rest}. Start it with ./minirun up${left.length > 0 ? ", or end them with ./minirun down" : ""}.`;
  }
  const rows = parts.map(([name, part]) => [
    name,
    colour(part, style)(part.state),
    part.process ? String(part.process.pid) : "-",
    formatAge(part.since),
    String(part.restarts),
    part.reason ?? "",
  ]);
  const containers = status.containers
    ? `${status.containers.total}, ${status.containers.running} of them running`
    : "unknown: the worker does not answer to this user";
  return [
    `${style.bold(`MiniRun ${status.version}`)} at ${style.cyan(status.address ?? "")}, up ${formatAge(status.startedAt ?? "")}, pid ${status.pid}, release ${status.release}`,
    `containers: ${containers}`,
    "",
    formatTable(["PART", "STATE", "PID", "SINCE", "RESTARTS", "LAST REASON"], rows, style),
  ].join("\n");
}

function colour(part: PartState, style: Style): (text: string) => string {
  if (part.state === "running") return style.green;
  return part.state === "waiting" ? style.red : style.yellow;
}
