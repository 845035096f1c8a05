import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listOperations } from "@/server/services/list-operations.ts";

export const GET = api(routes.listOperations, ({ context, query }) => listOperations(context, query));
