import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { getSessionTrace } from "@/server/services/trace.ts";

export const GET = api(routes.getSessionTrace, ({ context, params, query }) =>
  getSessionTrace(context, params.name, params.id, query.of),
);
