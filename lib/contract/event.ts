import { z } from "zod";
import { Container } from "./container.ts";

export const EventAction = z.enum([
  "created",
  "starting",
  "started",
  "start-failed",
  "stopping",
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

/** A line of the worker's event stream: a hello first, then events; a heartbeat at least every 10 s. */
export const EventLine = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello") }),
  z.object({ type: z.literal("heartbeat") }),
  z.object({ type: z.literal("event"), event: ContainerEvent }),
]);
export type EventLine = z.infer<typeof EventLine>;
