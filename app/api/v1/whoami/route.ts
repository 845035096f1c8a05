import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";

export const GET = api(routes.whoAmI, async ({ principal }) => principal);
