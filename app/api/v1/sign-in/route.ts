import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { signIn } from "@/server/services/sign-in.ts";

export const POST = api(routes.signIn, async ({ context, body, current }) => {
  const cookie = await signIn(context, body, current);
  return new Response(null, { status: 204, headers: { "set-cookie": cookie } });
});
