import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { signalProcess } from "@/server/services/processes.ts";

export const POST = api(routes.signalProcess, async ({ context, params, body }) => {
  await signalProcess(context, params.name, params.pid, body);
  return new Response(null, { status: 204 });
});
