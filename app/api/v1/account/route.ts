import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readAccount, renameAccount } from "@/server/services/account.ts";

export const GET = api(routes.getAccount, ({ context, principal }) => readAccount(context, principal));

export const PATCH = api(routes.updateAccount, ({ context, principal, body }) =>
  renameAccount(context, principal, body.name),
);
