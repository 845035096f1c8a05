import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readInvitation } from "@/server/services/invitations.ts";

export const POST = api(routes.readInvitation, ({ context, body, current }) =>
  readInvitation(context, body.code, current),
);
