import type { Container } from "../../lib/contract/container.ts";
import { fail } from "../../lib/contract/problem.ts";

/** A container's entity tag: its revision (RFC 9110, 8.8.3). */
export function etagOf({ revision }: Pick<Container, "revision">): string {
  return `"${revision}"`;
}

/** The revision that If-Match asks for; undefined without the header, or with `*`. Throws invalid-request. */
export function readIfMatch({ headers }: Request): number | undefined {
  const value = headers.get("if-match")?.trim();
  if (value === undefined || value === "*") return undefined;
  const revision = /^"(\d{1,15})"$/.exec(value)?.[1];
  if (revision !== undefined) return Number(revision);
  throw fail("invalid-request", "If-Match does not fit", `${value} is no entity tag of a container`, {
    remedy: "Send the ETag of the container as it was read, with its quotation marks.",
  });
}
