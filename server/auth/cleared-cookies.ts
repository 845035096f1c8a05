/** How the names of people's cookies begin. Browsers take `__Host-` from this very host alone, and never over HTTP. */
export function cookiePrefix(origin: string): string {
  return origin.startsWith("https:") ? "__Host-minirun" : "minirun";
}

/** `Set-Cookie` values by which a browser forgets a person's session. */
export function clearedCookies(origin: string): string[] {
  const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=0${origin.startsWith("https:") ? "; Secure" : ""}`;
  return ["session_token", "session_data"].map((name) => `${cookiePrefix(origin)}.${name}=; ${attributes}`);
}
