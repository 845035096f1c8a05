/** One side of a copy: a tar archive on standard input or output, a path of this machine, or one in a container. */
export type Location =
  | { kind: "stream" }
  | { kind: "local"; path: string }
  | { kind: "container"; name: string; path: string };

/**
 * Reads one side as `docker cp` does: `-`, NAME:PATH, else a path of this machine; one with a colon in it begins with
 * `/` or `./`. A container's relative path begins at its root.
 */
export function parseLocation(text: string): Location {
  if (text === "-") return { kind: "stream" };
  const [, name, path] = /^([^/.:][^/:]*):([\s\S]*)$/.exec(text) ?? [];
  if (name === undefined || path === undefined) return { kind: "local", path: text };
  return { kind: "container", name, path: path.startsWith("/") ? path : `/${path}` };
}
