import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { invitePerson, listPeople } from "@/server/services/people.ts";

export const GET = api(routes.listPeople, async ({ context }) => ({ items: await listPeople(context) }));

export const POST = api(routes.invitePerson, ({ context, body }) => invitePerson(context, body));
