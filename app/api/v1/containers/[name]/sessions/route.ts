import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { createSession } from "@/server/services/sessions.ts";

export const POST = api(routes.createSession, ({ context, principal, params, body }) =>
  createSession(context, principal, params.name, body),
);
