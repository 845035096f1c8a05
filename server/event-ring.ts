/** A message of the event stream as its text goes out; `id` is that with which a client resumes behind it. */
export interface RingEntry {
  id: string | null;
  text: string;
}

/** The last messages of the event stream. Clients read by places, which go on for ever: nobody has a queue of his own. */
export interface EventRing {
  /** The place behind the newest message. */
  readonly end: number;
  push(entry: RingEntry): void;
  /** The place behind the message with this id; null when it is not here. */
  placeBehind(id: string): number | null;
  /** Messages from a place on, as many as one write takes, and the place behind them; null when some are gone. */
  read(place: number): { entries: readonly RingEntry[]; next: number } | null;
  /** Resolves with the next message, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

/** How many messages a client may be behind and still resume. */
export const ringLength = 16_384;
/** How many are read at once. */
const batch = 64;

export function createEventRing(length = ringLength): EventRing {
  const entries: RingEntry[] = [];
  const places = new Map<string, number>();
  const waiting = new Set<() => void>();
  let end = 0;

  return {
    get end() {
      return end;
    },
    push(entry) {
      const overwritten = entries[end % length];
      if (overwritten?.id && places.get(overwritten.id) === end - length) places.delete(overwritten.id);
      entries[end % length] = entry;
      if (entry.id) places.set(entry.id, end);
      end += 1;
      for (const wake of [...waiting]) wake();
    },
    placeBehind(id) {
      const place = places.get(id);
      return place === undefined ? null : place + 1;
    },
    read(place) {
      if (place < end - length) return null;
      const next = Math.min(end, place + batch);
      const found: RingEntry[] = [];
      for (let at = place; at < next; at += 1) {
        const entry = entries[at % length];
        if (entry) found.push(entry);
      }
      return { entries: found, next };
    },
    changed(signal) {
      return new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener("abort", wake);
        if (signal.aborted) wake();
      });
    },
  };
}
