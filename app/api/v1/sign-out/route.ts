import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { endCookie } from "@/server/services/end-cookie.ts";
import { signOut } from "@/server/services/sign-in.ts";
import { withCookies } from "@/server/with-cookies.ts";

export const POST = api(routes.signOut, async ({ context, current }) => {
  await endCookie(context, current.principal);
  return withCookies(await signOut(context, current));
});
