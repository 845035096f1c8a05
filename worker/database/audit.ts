import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { forgetAudit } from "../../lib/store/audit.ts";
import type { Context } from "../context.ts";

const sweepMs = 60 * 60 * 1000;

/** Deletes entries of the audit that are older than the settings keep them: at once, and then each hour. */
export async function runAuditRetention(context: Context, pool: pg.Pool, signal: AbortSignal): Promise<void> {
  const { auditDays } = context.config;
  while (!signal.aborted) {
    const count = await forgetAudit(pool, auditDays);
    if (count > 0) context.log.info({ count, days: auditDays }, "old entries of the audit deleted");
    await sleep(sweepMs, undefined, { signal }).catch(() => {});
  }
}
