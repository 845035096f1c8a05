import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readLab } from "@/server/services/labs.ts";

export const GET = api(routes.getLab, ({ params }) => readLab(params.lab));
