import { routes } from "@/lib/contract/routes.ts";
import { api, json } from "@/server/api.ts";
import { beginSignIn } from "@/server/services/sign-in.ts";
import { withCookies } from "@/server/with-cookies.ts";

export const POST = api(routes.beginSignIn, async ({ context, params, body, current }) => {
  const { url, cookies } = await beginSignIn(context, params.provider, body.next, current);
  return withCookies(cookies, json({ url }));
});
