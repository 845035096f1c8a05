/** Counts events by key in windows that start with the first event. */
export interface RateLimit {
  /** Seconds until the key may try again; 0 when it may now. */
  retryAfter(key: string): number;
  count(key: string): void;
  reset(key: string): void;
}

interface Window {
  started: number;
  events: number;
}

const maxKeys = 10_000;

/** Allows `attempts` events by key within `windowMs`. Holds at most 10,000 keys; the oldest are forgotten first. */
export function createRateLimit(
  { attempts, windowMs }: { attempts: number; windowMs: number },
  now: () => number = Date.now,
): RateLimit {
  const windows = new Map<string, Window>();
  const current = (key: string): Window | undefined => {
    const window = windows.get(key);
    if (window && now() - window.started < windowMs) return window;
    windows.delete(key);
    return undefined;
  };
  return {
    retryAfter(key) {
      const window = current(key);
      if (!window || window.events < attempts) return 0;
      return Math.ceil((window.started + windowMs - now()) / 1000);
    },
    count(key) {
      const window = current(key) ?? { started: now(), events: 0 };
      window.events += 1;
      windows.set(key, window);
      const oldest = windows.keys().next();
      if (windows.size > maxKeys && !oldest.done) windows.delete(oldest.value);
    },
    reset(key) {
      windows.delete(key);
    },
  };
}
