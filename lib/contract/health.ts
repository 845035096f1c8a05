import * as z from "zod";

/** What the worker says of itself and of this host. */
export const WorkerHealth = z
  .object({
    version: z.string(),
    node: z.string(),
    startedAt: z.iso.datetime(),
    containers: z.int(),
    running: z.int(),
    outbox: z.int().describe("results not yet in the database"),
    database: z.enum(["connected", "unavailable"]),
    kernel: z.string(),
    cgroupVersion: z.int().min(0).max(2).describe("0: this host offers no control groups"),
  })
  .meta({ id: "WorkerHealth" });
export type WorkerHealth = z.infer<typeof WorkerHealth>;

/** degraded: the product works, but a part is away; `reasons` says which and since when. */
export const Health = z
  .object({
    status: z.enum(["ok", "degraded"]),
    version: z.string(),
    database: z.object({
      status: z.enum(["connected", "unavailable"]),
      mode: z.enum(["embedded", "external"]),
      since: z.iso.datetime().nullable(),
    }),
    worker: z.object({ status: z.enum(["connected", "unavailable"]), since: z.iso.datetime().nullable() }),
    tls: z
      .object({
        status: z.enum(["on", "off"]),
        port: z.int(),
        names: z.array(z.string()).describe("what the certificate was made for"),
        expiresAt: z.iso.datetime().nullable(),
        refusal: z
          .object({ reason: z.string(), since: z.iso.datetime() })
          .nullable()
          .describe("why the certificate that was found last is not in use"),
      })
      .describe("HTTPS; off without a certificate"),
    uptimeSeconds: z.number(),
    reasons: z.array(z.string()),
  })
  .meta({ id: "Health" });
export type Health = z.infer<typeof Health>;

/** A machine that runs containers. */
export const NodeInfo = z
  .object({
    id: z.string(),
    hostname: z.string(),
    kernel: z.string(),
    cgroupVersion: z.int(),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: "Node" });
export type NodeInfo = z.infer<typeof NodeInfo>;
