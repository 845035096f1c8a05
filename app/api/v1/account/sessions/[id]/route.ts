import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { endBrowserSession } from "@/server/services/account.ts";

export const DELETE = api(routes.endBrowserSession, async ({ context, principal, params }) => {
  await endBrowserSession(context, principal, params.id);
  return new Response(null, { status: 204 });
});
