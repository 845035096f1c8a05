import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { clearedSessionCookie } from "@/server/session-cookie.ts";

export const POST = api(routes.signOut, async ({ current }) => {
  return new Response(null, { status: 204, headers: { "set-cookie": clearedSessionCookie(current.secure) } });
});
