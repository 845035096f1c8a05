import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listRecordings } from "@/server/services/recordings.ts";

export const GET = api(routes.listRecordings, async ({ context, params }) => ({
  items: await listRecordings(context, params.name),
}));
