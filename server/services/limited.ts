import { fail, type ProblemCode } from "../../lib/contract/problem.ts";
import { problemOf } from "../problems.ts";
import type { RateLimit } from "../rate-limit.ts";

/** What went wrong without the attempt having been a bad one. */
const innocent: ReadonlySet<ProblemCode> = new Set(["worker-unavailable", "database-unavailable"]);

/**
 * Runs an attempt to get in by something secret, and counts its failures by a key: the peer's network, or an account.
 * Those under way count as failures until they have not been: any number at once are no more than one after the other.
 * Throws too-many-requests once there were too many.
 */
export async function limited<T>(attempts: RateLimit, key: string, attempt: () => Promise<T>): Promise<T> {
  const seconds = attempts.retryAfter(key);
  if (seconds > 0) {
    throw fail(
      "too-many-requests",
      "Too many attempts",
      `sign-in is closed to ${JSON.stringify(key)} for ${seconds} s`,
      {
        details: { retryAfterSeconds: seconds },
      },
    );
  }
  attempts.count(key);
  try {
    const outcome = await attempt();
    attempts.takeBack(key);
    return outcome;
  } catch (error) {
    const known = problemOf(error);
    if (known && innocent.has(known.code)) attempts.takeBack(key);
    throw error;
  }
}
