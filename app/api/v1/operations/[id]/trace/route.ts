import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { getOperationTrace } from "@/server/services/trace.ts";

export const GET = api(routes.getOperationTrace, ({ context, params }) => getOperationTrace(context, params.id));
