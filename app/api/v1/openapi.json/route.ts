import { createHash } from "node:crypto";
import { openApiDocument } from "@/lib/contract/openapi.ts";
import { documentRoute } from "@/lib/contract/route-table.ts";
import { api } from "@/server/api.ts";
import { taggedJson } from "@/server/entity-tags.ts";

let made: { text: string; tag: string } | null = null;

function documentOf(version: string) {
  const text = JSON.stringify(openApiDocument(version));
  return { text, tag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 16)}"` };
}

export const GET = api(documentRoute, async ({ context, request }) => {
  made ??= documentOf(context.secrets.version);
  const { text, tag } = made;
  return taggedJson(request, tag, () => text, "private, no-cache");
});
