import { z } from "zod";

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

/** The trace of a container's last start, complete or up to the step that failed. */
export const Trace = z
  .object({ version: z.literal(1), startedAt: z.iso.datetime(), totalNs: z.int(), steps: z.array(TraceStep) })
  .meta({ id: "Trace" });
export type Trace = z.infer<typeof Trace>;

/** A start whose trace is kept: by the operation that asked for it, with what tells it from others. */
export const TraceSummary = z
  .object({
    operationId: z.uuid(),
    verb: z.enum(["start", "restart"]),
    principal: z.string(),
    startedAt: z.iso.datetime(),
    totalNs: z.int(),
    steps: z.int(),
    /** The step that failed. */
    failedStep: z.string().nullable(),
  })
  .meta({ id: "TraceSummary" });
export type TraceSummary = z.infer<typeof TraceSummary>;
