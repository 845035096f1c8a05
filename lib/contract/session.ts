import * as z from "zod";
import { Command, ContainerId, EnvironmentName } from "./container.ts";

const cells = z.int().min(1).max(4096);

/** Asks for a terminal: the container's own stdio, or a further command in it. */
export const CreateSession = z
  .discriminatedUnion("mode", [
    z.strictObject({ mode: z.literal("attach").default("attach"), cols: cells.default(80), rows: cells.default(24) }),
    z.strictObject({
      mode: z.literal("exec"),
      command: Command.optional().describe("the best shell that the container has, when left out"),
      env: z.record(EnvironmentName, z.string()).default({}),
      workingDir: z.string().startsWith("/").max(4095).optional().describe("the container's own when left out"),
      user: z.string().max(129).optional().describe("USER or USER:GROUP; the container's own when left out"),
      tty: z.boolean().default(true),
      cols: cells.default(80),
      rows: cells.default(24),
    }),
  ])
  .meta({ id: "CreateSession" });
export type CreateSession = z.infer<typeof CreateSession>;
export type CreateSessionInput = z.input<typeof CreateSession>;

/** A session as lists show it. One whose command has ended stays, for its recording, until it is deleted. */
export const SessionInfo = z
  .object({
    sessionId: z.uuid(),
    containerId: ContainerId,
    mode: z.enum(["attach", "exec"]),
    command: z.array(z.string()),
    tty: z.boolean(),
    principal: z.string(),
    createdAt: z.iso.datetime(),
    state: z.enum(["running", "ended"]),
    exitCode: z.int().nullable(),
    shared: z.boolean().describe("whether a share of it is open"),
  })
  .meta({ id: "SessionInfo" });
export type SessionInfo = z.infer<typeof SessionInfo>;

/** `ticket` is single-use, lives 30 s and never stands in a URL; `path` is what to open as a WebSocket. */
export const Session = z
  .object({
    sessionId: z.uuid(),
    containerId: ContainerId,
    mode: z.enum(["attach", "exec"]),
    writable: z.boolean(),
    ticket: z.string(),
    path: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

/** Lets whoever has the code watch a session, without signing in and without typing. */
export const CreateShare = z
  .strictObject({ minutes: z.int().min(1).max(1440).default(60) })
  .meta({ id: "CreateShare" });

/** `path` is the page to open; the code stands in its fragment, which no server log sees. */
export const Share = z
  .object({ code: z.string(), path: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: "Share" });
export type Share = z.infer<typeof Share>;

export const RedeemShare = z.strictObject({ code: z.string().max(200) });

/** What the holder of a share gets: a ticket for watching. */
export const SharedSession = Session.extend({ containerName: z.string() }).meta({ id: "SharedSession" });
export type SharedSession = z.infer<typeof SharedSession>;

/** Output that can be replayed: the container's own (`main`), or that of an exec session (its id). */
export const RecordingInfo = z
  .object({
    id: z.string(),
    mode: z.enum(["attach", "exec"]),
    command: z.array(z.string()),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    bytes: z.int(),
  })
  .meta({ id: "RecordingInfo" });
export type RecordingInfo = z.infer<typeof RecordingInfo>;
