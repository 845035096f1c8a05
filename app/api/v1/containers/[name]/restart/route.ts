import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { change } from "@/server/services/lifecycle.ts";

export const POST = api(routes.restartContainer, (call) =>
  change(call, call.params.name, { verb: "restart", arguments: call.body }, call.body.timeoutSeconds * 1000),
);
