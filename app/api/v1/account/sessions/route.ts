import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listBrowserSessions } from "@/server/services/account.ts";

export const GET = api(routes.listBrowserSessions, async ({ context, principal }) => ({
  items: await listBrowserSessions(context, principal),
}));
