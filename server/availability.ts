import { setTimeout as sleep } from "node:timers/promises";

/** Whether a part of the product answers: requests find out that it is away, a probe that it is back. */
export interface Availability {
  readonly available: boolean;
  /** Since when it is away; null while it answers. */
  readonly since: Date | null;
  /** A request has found that it does not answer. */
  failed(): void;
}

/** How long what is away is left alone before it is asked again. */
const probeEveryMs = 500;

/**
 * What a request has found is believed at once, and from then on `probe` alone asks, twice a second at most, so that no
 * request waits for a dead part. Ends with the signal.
 */
export function createAvailability(probe: () => Promise<void>, signal: AbortSignal): Availability {
  let since: Date | null = null;

  const askUntilBack = async () => {
    while (!signal.aborted) {
      await sleep(probeEveryMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted || !(await answers(probe))) continue;
      since = null;
      return;
    }
  };

  return {
    get available() {
      return since === null;
    },
    get since() {
      return since;
    },
    failed() {
      if (since !== null) return;
      since = new Date();
      void askUntilBack();
    },
  };
}

const answers = (probe: () => Promise<void>) =>
  probe().then(
    () => true,
    () => false,
  );
