import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listProcesses } from "@/server/services/processes.ts";

export const GET = api(routes.listProcesses, ({ context, params }) => listProcesses(context, params.name));
