import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { followStats, readStats } from "@/server/services/stats.ts";

export const GET = api(routes.getStats, async ({ context, params, query, request }) =>
  query.follow ? followStats(context, params.name, request.signal) : readStats(context, params.name),
);
