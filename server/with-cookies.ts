/** An answer with these `Set-Cookie` values; an empty one unless another is given. */
export function withCookies(cookies: readonly string[], response = new Response(null, { status: 204 })): Response {
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}
