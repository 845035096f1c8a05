import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { followKernel, readKernel } from "@/server/services/kernel.ts";

export const GET = api(routes.getKernel, async ({ context, params, query, request }) =>
  query.follow ? followKernel(context, params.name, query, request.signal) : readKernel(context, params.name, query),
);
