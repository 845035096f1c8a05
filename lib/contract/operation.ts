import * as z from "zod";
import { Origin } from "./audit.ts";
import { Container, ContainerId, ContainerName, ContainerSpec, UpdateContainer } from "./container.ts";
import { Problem } from "./problem.ts";

export const Verb = z
  .enum(["create", "start", "stop", "kill", "restart", "pause", "resume", "update", "delete"])
  .meta({ id: "Verb" });
export type Verb = z.infer<typeof Verb>;

/** Names of signals that may be sent, with or without SIG in front; the worker resolves them. */
export const SignalName = z
  .string()
  .transform((name) => name.toUpperCase().replace(/^(?!SIG)/, "SIG"))
  .pipe(
    z.enum(
      ["SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM", "SIGCONT", "SIGSTOP", "SIGWINCH"],
      "must be one of HUP, INT, QUIT, KILL, USR1, USR2, TERM, CONT, STOP, WINCH",
    ),
  );

export const StopArguments = z
  .strictObject({ timeoutSeconds: z.number().min(0).max(600).default(10) })
  .meta({ id: "StopArguments" });
export const KillArguments = z.strictObject({ signal: SignalName.prefault("SIGKILL") }).meta({ id: "KillArguments" });

/** What a create takes: the specification, and the id of a container whose upper layer is copied. */
const CreateArguments = ContainerSpec.safeExtend({ filesFrom: ContainerId.optional() });

/** `ifRevision`: refused with `changed-meanwhile` when the container's revision is another one by then. */
const UpdateArguments = z.strictObject({ change: UpdateContainer, ifRevision: z.int().optional() });

const nothing = z.strictObject({});

const common = {
  id: z.uuid(),
  containerId: ContainerId,
  principal: z.string().min(1).max(200),
  /** Order of requests for this container; null lets the worker take the next number. */
  generation: z.int().min(1).nullable(),
  requestedAt: z.iso.datetime(),
  /** Where it was asked for, for the audit; absent on the node itself. */
  origin: Origin.optional(),
};

/**
 * A lifecycle request: the payload of a job and of `POST /operations` on worker.sock.
 * Idempotent by `id`; refused as `superseded` when a later generation was already carried out.
 */
export const Operation = z.discriminatedUnion("verb", [
  z.strictObject({ ...common, verb: z.literal("create"), arguments: CreateArguments }),
  z.strictObject({ ...common, verb: z.literal("start"), arguments: nothing }),
  z.strictObject({ ...common, verb: z.literal("stop"), arguments: StopArguments }),
  z.strictObject({ ...common, verb: z.literal("kill"), arguments: KillArguments }),
  z.strictObject({ ...common, verb: z.literal("restart"), arguments: StopArguments }),
  z.strictObject({ ...common, verb: z.literal("pause"), arguments: nothing }),
  z.strictObject({ ...common, verb: z.literal("resume"), arguments: nothing }),
  z.strictObject({ ...common, verb: z.literal("update"), arguments: UpdateArguments }),
  z.strictObject({ ...common, verb: z.literal("delete"), arguments: z.strictObject({ force: z.boolean() }) }),
]);
export type Operation = z.infer<typeof Operation>;

export const OperationState = z.enum(["queued", "running", "succeeded", "failed"]).meta({ id: "OperationState" });
export type OperationState = z.infer<typeof OperationState>;

/** How far an operation is, while it runs: `done` of `total` in `unit`; total is null while it is not known. */
export const OperationProgress = z
  .object({ step: z.string(), done: z.number(), total: z.number().nullable(), unit: z.enum(["bytes", "files", "s"]) })
  .meta({ id: "OperationProgress" });
export type OperationProgress = z.infer<typeof OperationProgress>;

/** What became of an operation. `container` is the container right after it; null once deleted or never made. */
export const OperationResult = z
  .object({
    id: z.uuid(),
    containerId: ContainerId,
    containerName: z.string().nullable().default(null).describe("as it was called when the operation was read"),
    verb: Verb,
    principal: z.string(),
    generation: z.int().nullable(),
    state: OperationState,
    requestedAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    progress: OperationProgress.nullable().default(null),
    problem: Problem.nullable(),
    container: Container.nullable(),
  })
  .meta({ id: "Operation" });
export type OperationResult = z.infer<typeof OperationResult>;

/** An operation as lists and event streams show it. */
export const OperationSummary = OperationResult.omit({ container: true }).meta({ id: "OperationSummary" });
export type OperationSummary = z.infer<typeof OperationSummary>;

/** An operation that has been asked for and has not ended. */
export function toPending(
  { arguments: given, origin: _, ...request }: Operation,
  state: "queued" | "running",
  name: string | null,
): OperationSummary {
  const startedAt = state === "running" ? new Date().toISOString() : null;
  const containerName = name ?? ("name" in given ? given.name : null);
  return { ...request, containerName, state, startedAt, finishedAt: null, progress: null, problem: null };
}

/** Query of a list, newest first; `cursor` is `next` of the page before. */
export const ListOperations = z.object({
  container: ContainerName.optional().describe("name or id"),
  state: OperationState.optional(),
  verb: Verb.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
export type ListOperations = z.infer<typeof ListOperations>;

export const OperationList = z
  .object({ items: z.array(OperationSummary), next: z.string().nullable() })
  .meta({ id: "OperationList" });
export type OperationList = z.infer<typeof OperationList>;

/** One verb for many containers; each gets an operation of its own. */
export const BulkAction = z
  .discriminatedUnion("verb", [
    z.strictObject({
      verb: z.enum(["start", "pause", "resume"]),
      containers: refs(),
      arguments: nothing.prefault({}),
    }),
    z.strictObject({
      verb: z.enum(["stop", "restart"]),
      containers: refs(),
      arguments: StopArguments.prefault({}),
    }),
    z.strictObject({ verb: z.literal("kill"), containers: refs(), arguments: KillArguments.prefault({}) }),
    z.strictObject({
      verb: z.literal("delete"),
      containers: refs(),
      arguments: z.strictObject({ force: z.boolean().default(false) }).prefault({}),
    }),
  ])
  .meta({ id: "BulkAction" });
export type BulkAction = z.infer<typeof BulkAction>;

function refs() {
  return z.array(ContainerName).min(1).max(1000).describe("names or ids");
}

/** Each container of a bulk action with its operation, or with the problem that kept it from being asked for. */
export const BulkResult = z
  .object({
    items: z.array(
      z.object({
        container: z.string(),
        operation: OperationSummary.nullable(),
        problem: Problem.nullable(),
      }),
    ),
  })
  .meta({ id: "BulkResult" });
export type BulkResult = z.infer<typeof BulkResult>;
