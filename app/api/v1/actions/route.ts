import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { bulkAction } from "@/server/services/bulk-action.ts";

export const POST = api(routes.bulkAction, ({ context, principal, body }) => bulkAction(context, principal, body));
