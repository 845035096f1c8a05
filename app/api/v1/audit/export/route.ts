import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { exportAudit } from "@/server/services/audit.ts";

export const GET = api(routes.exportAudit, ({ context, query }) => exportAudit(context, query));
