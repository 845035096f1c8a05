import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { openLabSession } from "@/server/services/labs.ts";

export const POST = api(routes.openLabSession, ({ context, principal, params, body }) =>
  openLabSession(context, principal, params.lab, body),
);
