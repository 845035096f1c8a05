import type { IdRange } from "../../lib/contract/container.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { User } from "./resolve-user.ts";

/** Who the kernel shows instead of an owner that a container has no id for (/proc/sys/kernel/overflowuid). */
const nobody = 65_534;

/** What an id of the host is in a container with these ids. */
export function toContainerId(range: IdRange | null, id: number): number {
  if (range === null) return id;
  return id >= range.start && id < range.start + range.size ? id - range.start : nobody;
}

/** What an id of a container is on the host. Throws validation-failed for one that the container doesn't have. */
export function toHostId(range: IdRange | null, id: number): number {
  if (range === null) return id;
  if (id < range.size) return range.start + id;
  throw fail("validation-failed", "There is no such id", `The container has no user or group ${id}.`, {
    remedy: `Its ids go from 0 to ${range.size - 1}; one with the host's user namespace has all.`,
  });
}

/** The same user, whose ids the container all has. Throws validation-failed. */
export function requireIds(range: IdRange | null, user: User): User {
  for (const id of [user.uid, user.gid, ...user.additionalGids]) toHostId(range, id);
  return user;
}
