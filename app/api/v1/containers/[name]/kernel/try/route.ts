import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { trySystemCall } from "@/server/services/kernel.ts";

export const POST = api(routes.trySystemCall, ({ context, params, body }) => trySystemCall(context, params.name, body));
