import { join } from "node:path";
import { fail, parseOrFail } from "../../lib/contract/problem.ts";
import { Trace, TraceQuery, type TraceSummary } from "../../lib/contract/trace.ts";
import { failedStepOf } from "../../lib/contract/trace-steps.ts";
import type { Context } from "../context.ts";
import { readTrace, traceFiles } from "../operations/commit.ts";
import type { TerminalServices } from "../sessions/open-sessions.ts";
import type { ExecSession, StoredSession } from "../sessions/stored-session.ts";
import { readJson } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Call, WorkerRoute } from "./server.ts";

/** The calls of worker.sock for what the kernel was asked to start and to end a container and further commands in it. */
export function traceRoutes(
  context: Context,
  { sessions, store }: Pick<TerminalServices, "sessions" | "store">,
  container: (call: Call) => ContainerRecord,
): WorkerRoute[] {
  const readOf = (session: ExecSession, call: Call) =>
    readJson(join(store.stateFolder(session), traceFiles[asked(call)]), Trace);
  return [
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/trace$/,
      handle: async (call) => {
        const record = container(call);
        const of = asked(call);
        return (await readTrace(context, record.id, of)) ?? noTrace(record, of);
      },
    },
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/session-traces$/,
      handle: async (call) => {
        const commands = sessions.of(container(call).id).filter(isExec);
        const summaries = await Promise.all(
          commands.map(async (one) => summarize(one, await readOf(one, call).catch(() => null))),
        );
        return summaries.flatMap((summary) => summary ?? []);
      },
    },
    {
      method: "GET",
      pattern: /^\/containers\/(?<ref>[^/]+)\/sessions\/(?<id>[^/]+)\/trace$/,
      handle: async (call) => {
        const { id } = container(call);
        const session = sessions.find(call.params.id ?? "");
        const trace = session.containerId === id && isExec(session) ? await readOf(session, call) : null;
        if (trace) return trace;
        throw fail("not-found", "There is no trace", "The session is no command that has come so far.", {
          remedy: "`./minirun trace --list NAME` shows the traces that are kept.",
        });
      },
    },
  ];
}

const asked = ({ query }: Call) => parseOrFail(TraceQuery, Object.fromEntries(query)).of;

function noTrace({ spec }: ContainerRecord, of: "start" | "end"): never {
  const words = of === "start" ? `${spec.name} was never started.` : `${spec.name} has not ended yet.`;
  throw fail("not-found", "There is no trace", words, {
    remedy: of === "start" ? "Start it first." : "Stop it first.",
  });
}

function summarize({ id, principal, command }: ExecSession, trace: Trace | null): TraceSummary | null {
  if (!trace) return null;
  const { startedAt, totalNs, steps } = trace;
  return {
    ...{ operationId: null, sessionId: id, verb: "exec", command, principal },
    ...{ startedAt, totalNs, steps: steps.length, failedStep: failedStepOf(trace)?.name ?? null },
  };
}

function isExec(session: StoredSession): session is ExecSession {
  return session.mode === "exec";
}
