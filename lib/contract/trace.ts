import * as z from "zod";

/** One step of a start. `startNs` counts from the shim's first instruction; `setting` is a JSON pointer into config.json. */
export const TraceStep = z
  .object({
    name: z.string(),
    side: z.enum(["host", "intermediate", "child"]),
    call: z.string(),
    arguments: z.string(),
    setting: z.string().nullable(),
    startNs: z.int(),
    durationNs: z.int(),
    errno: z.int(),
    errnoName: z.string().nullable(),
  })
  .meta({ id: "TraceStep" });
export type TraceStep = z.infer<typeof TraceStep>;

/** The trace of a start or of an end, complete or up to the step that failed. */
export const Trace = z
  .object({ version: z.literal(1), startedAt: z.iso.datetime(), totalNs: z.int(), steps: z.array(TraceStep) })
  .meta({ id: "Trace" });
export type Trace = z.infer<typeof Trace>;

/** What a trace tells of: how a program came to run, or how it came to its end. */
export const TraceOf = z.enum(["start", "end"]);
export type TraceOf = z.infer<typeof TraceOf>;

export const TraceQuery = z.object({ of: TraceOf.default("start") });

/** A trace that is kept: of an operation that started or ended a container, or of a further command in it. */
export const TraceSummary = z
  .object({
    operationId: z.uuid().nullable(),
    sessionId: z.uuid().nullable().describe("of a further command"),
    verb: z.enum(["start", "restart", "stop", "kill", "exec"]),
    command: z.array(z.string()).nullable().describe("of a further command"),
    principal: z.string(),
    startedAt: z.iso.datetime(),
    totalNs: z.int(),
    steps: z.int(),
    /** The step that failed. */
    failedStep: z.string().nullable(),
  })
  .meta({ id: "TraceSummary" });
export type TraceSummary = z.infer<typeof TraceSummary>;

/** What the trace of a summary tells of. Traces of one kind can be set side by side. */
export type TraceKind = TraceOf | "exec";
export function traceKind({ verb }: Pick<TraceSummary, "verb">): TraceKind {
  if (verb === "exec") return "exec";
  return verb === "stop" || verb === "kill" ? "end" : "start";
}
