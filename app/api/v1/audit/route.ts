import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listAudit } from "@/server/services/audit.ts";

export const GET = api(routes.listAudit, ({ context, query }) => listAudit(context, query));
