import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listLabs } from "@/server/services/labs.ts";

export const GET = api(routes.listLabs, async () => ({ items: listLabs() }));
