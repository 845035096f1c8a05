import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readLogs } from "@/server/services/logs.ts";

export const GET = api(routes.readLogs, ({ context, params, query, request }) =>
  readLogs(context, params.name, query, request),
);
