import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { revokeToken } from "@/server/services/tokens.ts";

export const DELETE = api(routes.deleteToken, async ({ context, principal, params }) => {
  await revokeToken(context, principal, params.id);
  return new Response(null, { status: 204 });
});
