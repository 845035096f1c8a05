import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { followAllStats, readAllStats } from "@/server/services/stats.ts";

export const GET = api(routes.getAllStats, async ({ context, query, request }) =>
  query.follow ? followAllStats(context, request.signal) : readAllStats(context),
);
