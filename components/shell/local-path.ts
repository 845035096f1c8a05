const fallback = "/";

/** A path of this site to go to after sign-in; the overview when the value leads anywhere else. */
export function localPath(value: unknown): string {
  if (typeof value !== "string" || !/^\/(?![/\\])/.test(value)) return fallback;
  const base = "http://localhost";
  if (!URL.canParse(value, base)) return fallback;
  const url = new URL(value, base);
  return url.origin === base && url.pathname !== "/sign-in" ? url.pathname + url.search : fallback;
}
