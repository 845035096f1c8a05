import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readArchive, writeArchive } from "@/server/services/files.ts";

export const GET = api(routes.readArchive, ({ context, params, query, request }) =>
  readArchive(context, params.name, query.path, request.signal),
);
export const PUT = api(routes.writeArchive, ({ context, params, query, request }) =>
  writeArchive(context, params.name, query.path, request),
);
