import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { changePassword } from "@/server/services/account.ts";

export const POST = api(routes.changePassword, async ({ context, principal, body }) => {
  await changePassword(context, principal, body);
  return new Response(null, { status: 204 });
});
