import * as z from "zod";
import { ContainerId, ExitReason } from "../../lib/contract/container.ts";
import { ProcessIdentity } from "../state/record.ts";

/** How a session's command ended; without a code when its shim was lost. */
export const SessionEnd = z.object({
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  reason: ExitReason,
  oomKills: z.int(),
  finishedAt: z.iso.datetime(),
});
export type SessionEnd = z.infer<typeof SessionEnd>;

const common = {
  id: z.uuid(),
  containerId: ContainerId,
  principal: z.string(),
  cols: z.int(),
  rows: z.int(),
  createdAt: z.iso.datetime(),
};

/** A terminal on the container's own streams: RUN/sessions/ID.json. */
const AttachSession = z.object({ ...common, mode: z.literal("attach"), usedAt: z.iso.datetime() });
export type AttachSession = z.infer<typeof AttachSession>;

/**
 * A further command in a container: HOME/containers/CONTAINER/sessions/ID/session.json, beside its output and trace.
 * Its shim's socket, pid.json and exit.json are in RUN/sessions/ID as long as it runs.
 */
const ExecSession = z.object({
  ...common,
  mode: z.literal("exec"),
  command: z.array(z.string()),
  tty: z.boolean(),
  bootId: z.string(),
  /** Null until the program runs. */
  shim: ProcessIdentity.nullable(),
  process: ProcessIdentity.nullable(),
  end: SessionEnd.nullable(),
});
export type ExecSession = z.infer<typeof ExecSession>;

export const StoredSession = z.discriminatedUnion("mode", [AttachSession, ExecSession]);
export type StoredSession = z.infer<typeof StoredSession>;
