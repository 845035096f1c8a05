import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { createTicket } from "@/server/services/sessions.ts";

export const POST = api(routes.createTicket, ({ context, principal, params, body }) =>
  createTicket(context, principal, params.id, body),
);
