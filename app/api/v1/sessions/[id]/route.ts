import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { deleteSession } from "@/server/services/sessions.ts";

export const DELETE = api(routes.deleteSession, async ({ context, principal, params }) => {
  await deleteSession(context, principal, params.id);
  return new Response(null, { status: 204 });
});
