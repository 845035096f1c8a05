import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { findContainer } from "@/server/services/find-container.ts";
import { change } from "@/server/services/lifecycle.ts";

export const GET = api(routes.getContainer, ({ context, params }) => findContainer(context, params.name));
export const DELETE = api(routes.deleteContainer, (call) =>
  change(call, call.params.name, { verb: "delete", arguments: call.query }),
);
