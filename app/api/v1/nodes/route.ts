import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listNodes } from "@/server/services/list-nodes.ts";

export const GET = api(routes.listNodes, async ({ context }) => ({ items: await listNodes(context) }));
