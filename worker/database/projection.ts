import type pg from "pg";
import type { OutboxEntry } from "../../lib/store/outbox-entry.ts";
import { projectOutboxEntry } from "../../lib/store/project-outbox.ts";
import { isDatabaseUnavailable } from "../../lib/store/unavailable.ts";
import type { Context } from "../context.ts";

/**
 * Carries the outbox into the database, in order: what there is, or with a signal all that comes until it aborts.
 * Rejects when the database goes away.
 * An entry that the database will never take is set aside, so that those behind it are not held up.
 */
export function runProjection(context: Context, pool: pg.Pool, signal?: AbortSignal): Promise<void> {
  const project = async (entry: OutboxEntry): Promise<"done" | "reject"> => {
    try {
      await projectOutboxEntry(pool, entry);
      return "done";
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      context.log.error(
        { err: error, operation: entry.operation?.result.id },
        "the database refuses an entry: set aside",
      );
      return "reject";
    }
  };
  return context.outbox.drain(project, signal);
}
