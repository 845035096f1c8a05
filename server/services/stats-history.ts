import * as z from "zod";
import { callWorker } from "../../lib/client/worker.ts";
import { fail } from "../../lib/contract/problem.ts";
import { historySeries, type StatsHistory } from "../../lib/contract/stats.ts";
import { historySteps, readStatistics } from "../../lib/store/statistics.ts";
import type { WebContext } from "../context.ts";
import { findContainer } from "./find-container.ts";
import { throughDatabase } from "./through-database.ts";

const RecentPoints = z.array(z.array(z.number().nullable()).length(historySeries.length + 1));

/** Values of a point, in the order of historySeries, by its second. */
type Points = Map<number, ArrayLike<number | null>>;

/**
 * What a container has used, at even distances up to now; null where nothing is known. The last seconds, which are not
 * in the database yet, are the worker's; when the database is away it has all of the last fifteen minutes.
 */
export async function readStatsHistory(
  context: WebContext,
  ref: string,
  range: StatsHistory["range"],
): Promise<StatsHistory> {
  const { id } = await findContainer(context, ref);
  const { step, keptSeconds } = historySteps.find((one) => one.range === range) ?? historySteps[0];
  const until = Math.floor(Date.now() / 1000 / step) * step;
  const from = until - keptSeconds;
  const [stored, recent] = await Promise.all([
    fromDatabase(context, id, step, from),
    step === 1 ? fromWorker(context, id, from) : null,
  ]);
  if (!stored && !recent) {
    throw fail("database-unavailable", "The database is away", `The history of ${range} is nowhere else.`, {
      remedy: "It is started again by itself; the last 15 minutes are there meanwhile (range=15m).",
    });
  }
  return toColumns(range, step, from, until, new Map([...(stored ?? []), ...(recent ?? [])]));
}

async function fromDatabase(context: WebContext, id: string, step: number, from: number): Promise<Points | null> {
  return throughDatabase<Points | null>(
    context,
    async () => {
      const rows = await readStatistics(context.store.pool, id, step, from);
      return new Map(rows.map(({ second, values }) => [second, values]));
    },
    async () => null,
  );
}

async function fromWorker({ workerSocket }: WebContext, id: string, from: number): Promise<Points | null> {
  try {
    const path = `/containers/${id}/stats/recent?from=${from}`;
    const points = RecentPoints.parse(await callWorker(workerSocket, "GET", path, undefined, { timeoutMs: 5_000 }));
    return new Map(points.map(([second, ...values]) => [second ?? 0, values]));
  } catch {
    return null;
  }
}

/** One point at each step after `from` up to `until`. */
export function toColumns(
  range: StatsHistory["range"],
  step: number,
  from: number,
  until: number,
  points: Points,
): StatsHistory {
  const at = Array.from({ length: (until - from) / step }, (_, index) => from + (index + 1) * step);
  const column = (index: number) => at.map((second) => known(points.get(second)?.[index]));
  const series = Object.fromEntries(historySeries.map((name, index) => [name, column(index)]));
  return { range, stepSeconds: step, at, series: series as StatsHistory["series"] };
}

function known(value: number | null | undefined): number | null {
  return value !== undefined && value !== null && Number.isFinite(value) ? value : null;
}
