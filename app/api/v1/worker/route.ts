import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readWorkerHealth } from "@/server/services/health.ts";

export const GET = api(routes.getWorker, ({ context }) => readWorkerHealth(context));
