import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { signIn } from "@/server/services/sign-in.ts";
import { withCookies } from "@/server/with-cookies.ts";

export const POST = api(routes.signIn, async ({ context, body, current }) =>
  withCookies(await signIn(context, body, current)),
);
