import { routes } from "@/lib/contract/routes.ts";
import { api, json } from "@/server/api.ts";
import { findContainer } from "@/server/services/find-container.ts";
import { change } from "@/server/services/lifecycle.ts";
import { etagOf, readIfMatch } from "@/server/services/revision.ts";

export const GET = api(routes.getContainer, async ({ context, params }) => {
  const container = await findContainer(context, params.name);
  return json(container, 200, { etag: etagOf(container) });
});
export const PATCH = api(routes.updateContainer, (call) => {
  const given = { change: call.body, ifRevision: readIfMatch(call.request) };
  return change(call, call.params.name, { verb: "update", arguments: given });
});
export const DELETE = api(routes.deleteContainer, (call) =>
  change(call, call.params.name, { verb: "delete", arguments: call.query }),
);
