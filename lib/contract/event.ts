import * as z from "zod";
import { Access } from "./access.ts";
import { Container } from "./container.ts";
import { OperationSummary } from "./operation.ts";

export const EventAction = z.enum([
  "created",
  "starting",
  "started",
  "start-failed",
  "paused",
  "resumed",
  "updated",
  "renamed",
  "stopping",
  "restarting",
  "exited",
  "lost",
  "deleted",
]);
export type EventAction = z.infer<typeof EventAction>;

/** Something happened to a container; `container` is how it stands afterwards (its last state when deleted). */
export const ContainerEvent = z
  .object({ id: z.uuid(), action: EventAction, at: z.iso.datetime(), container: Container })
  .meta({ id: "ContainerEvent" });
export type ContainerEvent = z.infer<typeof ContainerEvent>;

/**
 * A line of the worker's event stream. First a hello, who may ask (`access`) and how every container stands, then what
 * changes, as it changes; a heartbeat at least every 10 s. `container` is a change that is no event: its generation or its
 * problem.
 */
export const EventLine = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello") }),
  z.object({ type: z.literal("heartbeat") }),
  z.object({ type: z.literal("snapshot"), containers: z.array(Container) }),
  z.object({ type: z.literal("event"), event: ContainerEvent }),
  z.object({ type: z.literal("container"), container: Container }),
  z.object({ type: z.literal("operation"), operation: OperationSummary }),
  z.object({ type: z.literal("access"), access: Access }),
]);
export type EventLine = z.infer<typeof EventLine>;
