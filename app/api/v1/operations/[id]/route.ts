import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { getOperation } from "@/server/services/get-operation.ts";

export const GET = api(routes.getOperation, ({ context, params, query }) =>
  getOperation(context, params.id, query.waitSeconds),
);
