/** Whether a part of the product answers, as requests have found it. */
export interface Availability {
  readonly available: boolean;
  /** Since when it is away; null while it answers. */
  readonly since: Date | null;
  /** False for a short while after a failure: then callers need not try, and no request waits for a dead part. */
  shouldTry(): boolean;
  succeeded(): void;
  failed(): void;
}

const retryAfterMs = 2_000;

export function createAvailability(now: () => number = Date.now): Availability {
  let since: Date | null = null;
  let lastFailure = 0;
  return {
    get available() {
      return since === null;
    },
    get since() {
      return since;
    },
    shouldTry: () => since === null || now() - lastFailure >= retryAfterMs,
    succeeded() {
      since = null;
    },
    failed() {
      lastFailure = now();
      since ??= new Date(lastFailure);
    },
  };
}
