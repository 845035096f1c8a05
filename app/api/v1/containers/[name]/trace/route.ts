import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readTrace } from "@/server/services/trace.ts";

export const GET = api(routes.getTrace, ({ context, params }) => readTrace(context, params.name));
