import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { deletePerson, updatePerson } from "@/server/services/people.ts";

export const PATCH = api(routes.updatePerson, ({ context, principal, params, body }) =>
  updatePerson(context, principal, params.id, body),
);

export const DELETE = api(routes.deletePerson, async ({ context, principal, params }) => {
  await deletePerson(context, principal, params.id);
  return new Response(null, { status: 204 });
});
