import { z } from "zod";
import { Container, ContainerId, ContainerSpec } from "./container.ts";
import { Problem } from "./problem.ts";

export const Verb = z.enum(["create", "start", "stop", "kill", "delete"]).meta({ id: "Verb" });
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

const common = {
  id: z.uuid(),
  containerId: ContainerId,
  principal: z.string().min(1).max(200),
  /** Order of requests for this container; null lets the worker take the next number. */
  generation: z.int().min(1).nullable(),
  requestedAt: z.iso.datetime(),
};

/**
 * A lifecycle request: the payload of a job and of `POST /operations` on worker.sock.
 * Idempotent by `id`; refused as `superseded` when a later generation was already carried out.
 */
export const Operation = z.discriminatedUnion("verb", [
  z.strictObject({ ...common, verb: z.literal("create"), arguments: ContainerSpec }),
  z.strictObject({ ...common, verb: z.literal("start"), arguments: z.strictObject({}) }),
  z.strictObject({ ...common, verb: z.literal("stop"), arguments: StopArguments }),
  z.strictObject({ ...common, verb: z.literal("kill"), arguments: KillArguments }),
  z.strictObject({ ...common, verb: z.literal("delete"), arguments: z.strictObject({ force: z.boolean() }) }),
]);
export type Operation = z.infer<typeof Operation>;

export const OperationState = z.enum(["queued", "running", "succeeded", "failed"]).meta({ id: "OperationState" });
export type OperationState = z.infer<typeof OperationState>;

/** What became of an operation. `container` is the container right after it; null once deleted or never made. */
export const OperationResult = z
  .object({
    id: z.uuid(),
    containerId: ContainerId,
    verb: Verb,
    principal: z.string(),
    generation: z.int().nullable(),
    state: OperationState,
    requestedAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    problem: Problem.nullable(),
    container: Container.nullable(),
  })
  .meta({ id: "Operation" });
export type OperationResult = z.infer<typeof OperationResult>;
