import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { createToken, listTokens } from "@/server/services/tokens.ts";

export const GET = api(routes.listTokens, async ({ context, principal }) => ({
  items: await listTokens(context, principal),
}));
export const POST = api(routes.createToken, ({ context, principal, body }) => createToken(context, principal, body));
