import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { listImages } from "@/server/services/list-images.ts";

export const GET = api(routes.listImages, ({ context }) => listImages(context));
