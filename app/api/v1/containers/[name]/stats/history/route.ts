import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readStatsHistory } from "@/server/services/stats-history.ts";

export const GET = api(routes.getStatsHistory, ({ context, params, query }) =>
  readStatsHistory(context, params.name, query.range),
);
