import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { createSession, listSessions } from "@/server/services/sessions.ts";

export const GET = api(routes.listSessions, async ({ context, params }) => ({
  items: await listSessions(context, params.name),
}));
export const POST = api(routes.createSession, ({ context, principal, params, body }) =>
  createSession(context, principal, params.name, body),
);
