import { routes } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";
import { createSignInLink } from "@/server/services/people.ts";

export const POST = api(routes.createSignInLink, ({ context, params }) => createSignInLink(context, params.id));
