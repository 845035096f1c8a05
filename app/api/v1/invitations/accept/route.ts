import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { acceptInvitation } from "@/server/services/invitations.ts";
import { withCookies } from "@/server/with-cookies.ts";

export const POST = api(routes.acceptInvitation, async ({ context, body, current }) =>
  withCookies(await acceptInvitation(context, body, current)),
);
