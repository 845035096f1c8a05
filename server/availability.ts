import { setTimeout as sleep } from "node:timers/promises";

/** Whether a part of the product answers: requests find out that it is away, a probe that it is back. */
export interface Availability {
  readonly available: boolean;
  /** Since when it is away; null while it answers. */
  readonly since: Date | null;
  /** A request has found that it does not answer. */
  failed(): void;
  /** Asks at once, for a request that has waited and has nothing else to turn to. What it finds holds for all. */
  answers(): Promise<boolean>;
}

/** How long what is away is left alone before it is asked again. */
const probeEveryMs = 500;

/**
 * What a request has found is believed at once, and from then on `probe` alone asks, twice a second at most, so that no
 * request waits for a dead part. Ends with the signal.
 */
export function createAvailability(probe: () => Promise<void>, signal: AbortSignal): Availability {
  let since: Date | null = null;
  let isAsking = false;

  const askUntilBack = async () => {
    if (isAsking) return;
    isAsking = true;
    while (since !== null && !signal.aborted) {
      await sleep(probeEveryMs, undefined, { signal, ref: false }).catch(() => {});
      if (since !== null && !signal.aborted && (await succeeds(probe))) since = null;
    }
    isAsking = false;
  };
  const failed = () => {
    if (since !== null) return;
    since = new Date();
    void askUntilBack();
  };

  return {
    get available() {
      return since === null;
    },
    get since() {
      return since;
    },
    failed,
    async answers() {
      const isThere = await succeeds(probe);
      if (isThere) since = null;
      else failed();
      return isThere;
    },
  };
}

const succeeds = (probe: () => Promise<void>) =>
  probe().then(
    () => true,
    () => false,
  );
