import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readHealth } from "@/server/services/health.ts";

export const GET = api(routes.health, ({ context }) => readHealth(context));
