import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { endLab, readLabRun, startLab } from "@/server/services/labs.ts";

export const GET = api(routes.getLabRun, ({ context, principal, params }) =>
  readLabRun(context, principal, params.lab),
);
export const POST = api(routes.startLab, ({ context, principal, params }) => startLab(context, principal, params.lab));
export const DELETE = api(routes.endLab, async ({ context, principal, params }) => {
  await endLab(context, principal, params.lab);
  return new Response(null, { status: 204 });
});
