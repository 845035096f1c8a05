import * as z from "zod";
import { AuditEntry } from "../contract/audit.ts";
import { Container } from "../contract/container.ts";
import { EventAction } from "../contract/event.ts";
import { OperationResult } from "../contract/operation.ts";
import { Trace } from "../contract/trace.ts";

/** One change on a node, as it waits in the outbox: what became of an operation, what happened, how things now stand. */
export const OutboxEntry = z.object({
  version: z.literal(1),
  node: z.string(),
  operation: z
    .object({
      result: OperationResult,
      arguments: z.record(z.string(), z.unknown()),
      trace: Trace.nullable(),
    })
    .nullable(),
  event: z.object({ id: z.uuid(), action: EventAction, at: z.iso.datetime() }).nullable(),
  /** The container after the change; null when there never was one. */
  container: z
    .object({
      /** Counts the changes of this container on its node. */
      revision: z.int(),
      value: Container,
      deletedAt: z.iso.datetime().nullable(),
      idRange: z.object({ start: z.int(), size: z.int() }).nullable(),
    })
    .nullable(),
  /** Who did it, from where; alone for what is no operation. */
  audit: AuditEntry.nullable().optional(),
});
export type OutboxEntry = z.infer<typeof OutboxEntry>;
