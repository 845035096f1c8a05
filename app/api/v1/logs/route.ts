import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readMergedLogs } from "@/server/services/logs.ts";

export const GET = api(routes.readMergedLogs, ({ context, query, request }) => readMergedLogs(context, query, request));
