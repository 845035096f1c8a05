import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { create } from "@/server/services/lifecycle.ts";
import { listContainersResponse } from "@/server/services/list-containers.ts";

export const GET = api(routes.listContainers, ({ context, query, request }) =>
  listContainersResponse(context, query, request),
);
export const POST = api(routes.createContainer, (call) => create(call, call.body));
