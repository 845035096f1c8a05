import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { createShare, deleteShares } from "@/server/services/sessions.ts";

export const POST = api(routes.createShare, ({ context, principal, params, body }) =>
  createShare(context, principal, params.id, body),
);
export const DELETE = api(routes.deleteShares, async ({ context, principal, params }) => {
  await deleteShares(context, principal, params.id);
  return new Response(null, { status: 204 });
});
