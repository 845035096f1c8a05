import { openApiDocument } from "@/lib/contract/openapi.ts";
import type { Route } from "@/lib/contract/routes.ts";
import { api } from "@/server/api.ts";

const route = {
  method: "GET",
  path: "/openapi.json",
  summary: "This document",
  success: { status: 200 },
} as const satisfies Route;

export const GET = api(route, async ({ context }) => Response.json(openApiDocument(context.secrets.version)));
