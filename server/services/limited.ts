import { fail } from "../../lib/contract/problem.ts";
import { problemOf } from "../problems.ts";
import type { RateLimit } from "../rate-limit.ts";

/**
 * Runs an attempt to get in by something secret, and counts its failures by the peer's address.
 * Throws too-many-requests once there were too many.
 */
export async function limited<T>(attempts: RateLimit, remote: string, attempt: () => Promise<T>): Promise<T> {
  const seconds = attempts.retryAfter(remote);
  if (seconds > 0) {
    throw fail("too-many-requests", "Too many attempts", `sign-in is closed to this address for ${seconds} s`, {
      details: { retryAfterSeconds: seconds },
    });
  }
  try {
    return await attempt();
  } catch (error) {
    if (problemOf(error)?.code !== "worker-unavailable") attempts.count(remote);
    throw error;
  }
}
