import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { signOutPerson } from "@/server/services/people.ts";

export const POST = api(routes.signOutPerson, async ({ context, params }) => {
  await signOutPerson(context, params.id);
  return new Response(null, { status: 204 });
});
