import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readMetrics } from "@/server/services/metrics.ts";

export const GET = api(routes.getMetrics, ({ context }) => readMetrics(context));
