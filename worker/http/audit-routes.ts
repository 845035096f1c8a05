import { NewAuditEntry } from "../../lib/contract/audit.ts";
import { parseOrFail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import type { WorkerRoute } from "./server.ts";

/** What the web process tells of calls that are no operations: on the disk when it is answered, in the order of coming. */
export function auditRoutes(context: Context): WorkerRoute[] {
  return [
    {
      method: "POST",
      pattern: /^\/audit$/,
      handle: async ({ body }) => {
        const { node } = context.config;
        const audit = { ...parseOrFail(NewAuditEntry, body), at: new Date().toISOString(), node };
        const nothing = { operation: null, event: null, container: null };
        await context.outbox.append({ version: 1, node, ...nothing, audit }, { durable: true });
      },
    },
  ];
}
