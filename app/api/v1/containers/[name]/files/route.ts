import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { changeFile, deleteFile, listFiles } from "@/server/services/files.ts";

export const GET = api(routes.listFiles, ({ context, params, query }) => listFiles(context, params.name, query.path));
export const POST = api(routes.changeFile, ({ context, params, body }) => changeFile(context, params.name, body));
export const DELETE = api(routes.deleteFile, async ({ context, params, query }) => {
  await deleteFile(context, params.name, query.path, query.recursive);
  return new Response(null, { status: 204 });
});
