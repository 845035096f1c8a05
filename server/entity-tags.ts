/**
 * Answers with a body under an entity tag, or with 304 and none to one who has that already (RFC 9110, 13.1.2).
 * `body` makes the text only when it is needed.
 */
export async function taggedJson(
  request: Request,
  tag: string,
  body: () => string | Promise<string>,
  cacheControl = "no-store",
): Promise<Response> {
  const headers = { etag: tag, "cache-control": cacheControl };
  if (hasTag(request, tag)) return new Response(null, { status: 304, headers });
  return new Response(await body(), { headers: { ...headers, "content-type": "application/json" } });
}

/** Whether If-None-Match names this tag; weak ones count as their strong ones. */
export function hasTag({ headers }: Request, tag: string): boolean {
  const known = headers.get("if-none-match");
  if (known === null) return false;
  const bare = (text: string) => text.trim().replace(/^W\//, "");
  return known.split(",").some((one) => one.trim() === "*" || bare(one) === bare(tag));
}
