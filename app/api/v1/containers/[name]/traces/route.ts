import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listTraces } from "@/server/services/trace.ts";

export const GET = api(routes.listTraces, ({ context, params }) => listTraces(context, params.name));
