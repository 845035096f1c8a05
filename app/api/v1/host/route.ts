import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readHost } from "@/server/services/host.ts";

export const GET = api(routes.getHost, ({ context }) => readHost(context));
