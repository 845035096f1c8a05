import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { checkContainer } from "@/server/services/host.ts";

export const GET = api(routes.checkContainer, ({ context, params }) => checkContainer(context, params.name));
