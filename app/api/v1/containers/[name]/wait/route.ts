import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { waitContainer } from "@/server/services/wait-container.ts";

export const GET = api(routes.waitContainer, ({ context, params, query, request }) =>
  waitContainer(context, params.name, query.timeoutSeconds, request.signal),
);
