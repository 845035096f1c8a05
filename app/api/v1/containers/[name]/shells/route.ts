import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listShells } from "@/server/services/sessions.ts";

export const GET = api(routes.listShells, async ({ context, params }) => ({
  items: await listShells(context, params.name),
}));
