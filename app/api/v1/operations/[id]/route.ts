import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readOperation } from "@/server/services/submit.ts";

export const GET = api(routes.getOperation, ({ context, params }) => readOperation(context, params.id));
