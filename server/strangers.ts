import { createRateLimit, networkOf } from "./rate-limit.ts";

/** Entries a minute of somebody who is nobody: more of them tell nothing new, and would fill the disk. */
const perAddress = 20;
const ofAll = 300;
const windowMs = 60_000;
const all = "all";

/** Decides which refusals of unknown callers are written down. */
export interface Strangers {
  /** Whether another entry of this address's network is written; counts it when it is. */
  admits(address: string): boolean;
}

export function createStrangers(now?: () => number): Strangers {
  const single = createRateLimit({ attempts: perAddress, windowMs }, now);
  const together = createRateLimit({ attempts: ofAll, windowMs }, now);
  return {
    admits(address) {
      const remote = networkOf(address);
      if (single.retryAfter(remote) > 0 || together.retryAfter(all) > 0) return false;
      single.count(remote);
      together.count(all);
      return true;
    },
  };
}
