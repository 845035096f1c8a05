import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { Client } from "../../lib/client/api.ts";
import { readServerSentEvents, type StreamMessage } from "../../lib/client/server-sent-events.ts";
import { ContainerEvent } from "../../lib/contract/event.ts";
import { OperationSummary } from "../../lib/contract/operation.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import { describeExit } from "../describe-state.ts";
import { addExamples } from "../examples.ts";
import { interruption } from "../interruption.ts";
import { collect, readCount } from "../options.ts";
import { printJsonLine } from "../output.ts";
import { type Style, styleFor } from "../style.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";

interface EventsOptions {
  container?: string[];
  action?: string[];
  operations?: boolean;
  count?: number;
  json?: boolean;
}

export function registerEvents(program: Command): void {
  const command = program
    .command("events")
    .summary("show what happens, as it happens")
    .description(
      "Prints a line for each change of a container, until Ctrl-C; with --operations also for what was asked for. A connection that breaks goes on with the next event, and misses none.",
    )
    .option("--container <name>", "only this one, by name or id; can be given several times", collect)
    .option("--action <action>", "only created, started, exited, …; can be given several times", collect)
    .option("--operations", "operations too")
    .option("-c, --count <number>", "end after this many", readCount)
    .option("--json", "print a JSON object a line")
    .action(async (options: EventsOptions, command: Command) => {
      const style = styleFor(process.stdout);
      let left = options.count ?? Number.POSITIVE_INFINITY;
      for await (const happening of watchEvents(targetOf(command).client, interruption())) {
        if (left <= 0) break;
        if (!isWanted(happening, options)) continue;
        left -= 1;
        if (options.json) await printJsonLine(happening);
        else console.log(describe(happening, style));
        if (left <= 0) break;
      }
    });
  addExamples(
    command,
    "./minirun events",
    "./minirun events --container web --action paused --json",
    "./minirun events --operations",
  );
}

type Happening = { type: "event"; event: ContainerEvent } | { type: "operation"; operation: OperationSummary };

/** Events and operations from now on, until `signal` aborts; the stream goes on by Last-Event-ID when it breaks. */
async function* watchEvents(client: Client, signal: AbortSignal): AsyncGenerator<Happening> {
  let lastEventId: string | undefined;
  while (!signal.aborted) {
    try {
      const response = await client.open("watchEvents", { ...(lastEventId && { lastEventId }), signal });
      if (response.body) {
        for await (const message of readServerSentEvents(response.body)) {
          lastEventId = message.id ?? lastEventId;
          const happening = parse(message);
          if (happening) yield happening;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (lastEventId === undefined || (error instanceof ProblemError && error.problem.status < 500)) throw error;
    }
    await sleep(1000, undefined, { signal }).catch(() => {});
  }
}

function parse({ event, data }: StreamMessage): Happening | null {
  if (event === "operation") return { type: "operation", operation: OperationSummary.parse(JSON.parse(data)) };
  const parsed = event === "message" || event === "container" ? ContainerEvent.safeParse(JSON.parse(data)) : null;
  return parsed?.success ? { type: "event", event: parsed.data } : null;
}

function isWanted(happening: Happening, { container, action, operations }: EventsOptions): boolean {
  if (happening.type === "operation") {
    const { containerId, containerName, verb } = happening.operation;
    return operations === true && names(container, containerId, containerName) && (action?.includes(verb) ?? true);
  }
  const { id, name } = happening.event.container;
  return names(container, id, name) && (action?.includes(happening.event.action) ?? true);
}

const names = (wanted: string[] | undefined, id: string, name: string | null) =>
  wanted === undefined || wanted.includes(id) || (name !== null && wanted.includes(name));

function describe(happening: Happening, style: Style): string {
  if (happening.type === "operation") {
    const { operation } = happening;
    const who = harmless(operation.containerName ?? operation.containerId);
    const why = operation.problem ? style.red(` ${harmless(operation.problem.detail)}`) : "";
    return `${style.dim(operation.finishedAt ?? operation.startedAt ?? operation.requestedAt)}  ${who}  ${operation.verb} ${operation.state} ${style.dim(`by ${harmless(operation.principal)}`)}${why}`;
  }
  const { at, action, container } = happening.event;
  const end = action === "exited" || action === "lost" ? ` (${describeExit(container)})` : "";
  return `${style.dim(at)}  ${style.bold(container.name)}  ${action}${end}`;
}
