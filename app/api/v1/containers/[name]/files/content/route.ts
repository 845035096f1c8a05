import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { readFile, writeFile } from "@/server/services/files.ts";

export const GET = api(routes.readFile, ({ context, params, query, request }) =>
  readFile(context, params.name, query, request.signal),
);
export const PUT = api(routes.writeFile, ({ context, params, query, request }) =>
  writeFile(context, params.name, query, request),
);
