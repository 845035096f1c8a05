import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readTraceResponse } from "@/server/services/trace.ts";

export const GET = api(routes.getTrace, ({ context, params, query, request }) =>
  readTraceResponse(context, params.name, query.of, request),
);
