import { isIPv6 } from "node:net";

/** Counts events by key in windows that start with the first event. */
export interface RateLimit {
  /** Seconds until the key may try again; 0 when it may now. */
  retryAfter(key: string): number;
  count(key: string): void;
  /** Takes an event back that was counted. */
  takeBack(key: string): void;
  reset(key: string): void;
}

interface Window {
  started: number;
  events: number;
}

const maxKeys = 10_000;

/**
 * What an address is counted under: an IPv4 address itself, of an IPv6 address its /64, for whoever has one of that has
 * all (RFC 6177).
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (!isIPv6(plain)) return plain;
  const [front = "", back] = plain.split("::");
  const groups = front.split(":").filter(Boolean);
  const zeros = back === undefined ? 0 : 4 - groups.length;
  return `${[...groups, ...Array(Math.max(0, zeros)).fill("0")].slice(0, 4).join(":")}::/64`.toLowerCase();
}

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
    takeBack(key) {
      const window = current(key);
      if (window) window.events -= 1;
    },
    reset(key) {
      windows.delete(key);
    },
  };
}
