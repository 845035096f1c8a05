import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { redeemShare } from "@/server/services/sessions.ts";

export const POST = api(routes.redeemShare, ({ context, body, current }) =>
  redeemShare(context, body.code, current.remote),
);
