import * as z from "zod";
import { Operation, type OperationSummary, toPending } from "../../lib/contract/operation.ts";
import { parseOrFail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { execute } from "./execute.ts";

/** Operations of bulk actions that are carried out at once: the rest of the machine is for everybody else. */
const concurrency = 8;

const Body = z.object({ operations: z.array(Operation).max(1000) });

/**
 * Takes operations while the database is away, answers them as queued and carries them out a few at a time. They are
 * not written down before they begin: what still waits when this worker ends has to be asked for again.
 */
export function createBulk(context: Context): (body: unknown) => { items: OperationSummary[] } {
  const waiting: Operation[] = [];
  let running = 0;
  const next = async (): Promise<void> => {
    const operation = waiting.shift();
    if (!operation) return;
    running += 1;
    try {
      await execute(context, operation);
    } catch (error) {
      context.log.error({ operation: operation.id, err: error }, "an operation of a bulk action was not carried out");
    }
    running -= 1;
    await next();
  };
  return (body) => {
    const { operations } = parseOrFail(Body, body);
    const items = operations.map((operation) => {
      const name = context.records.find(operation.containerId)?.spec.name ?? null;
      const queued = toPending(operation, "queued", name);
      context.activity.begin(queued);
      return queued;
    });
    waiting.push(...operations);
    for (let free = concurrency - running; free > 0; free -= 1) void next();
    return { items };
  };
}
