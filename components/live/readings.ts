/** Reads of a state that events go on changing meanwhile. */
export interface Readings<E> {
  /** Tells every reading that is under way of an event. */
  hear(event: E): void;
  /** Reads, and applies what was read; not what comes after a later reading's answer. Throws what the reading throws. */
  read(): Promise<void>;
}

/** An answer may be older than events that came before it: `apply` gets those since the reading began, to work them in. */
export function createReadings<E, T>(
  ask: () => Promise<T>,
  apply: (read: T, since: readonly E[]) => void,
): Readings<E> {
  const underWay = new Set<E[]>();
  let begun = 0;
  let applied = 0;
  return {
    hear(event) {
      for (const events of underWay) events.push(event);
    },
    async read() {
      begun += 1;
      const turn = begun;
      const since: E[] = [];
      underWay.add(since);
      try {
        const read = await ask();
        if (turn < applied) return;
        applied = turn;
        apply(read, since);
      } finally {
        underWay.delete(since);
      }
    },
  };
}
