import { z } from "zod";
import { ContainerId } from "./container.ts";

const cells = z.int().min(1).max(4096);

/** Asks for a terminal. `exec` comes with a later version; attach is to the container's own stdio. */
export const CreateSession = z
  .strictObject({
    mode: z.literal("attach", "only 'attach' is available in this version").default("attach"),
    cols: cells.default(80),
    rows: cells.default(24),
  })
  .meta({ id: "CreateSession" });
export type CreateSession = z.infer<typeof CreateSession>;

/** `ticket` is single-use, lives 30 s and never stands in a URL; `path` is what to open as a WebSocket. */
export const Session = z
  .object({
    sessionId: z.uuid(),
    containerId: ContainerId,
    ticket: z.string(),
    path: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;
