import type { ShimWatch } from "./shim.ts";

/** The shims that are being watched, by container. */
export interface Runs {
  get(id: string): ShimWatch | undefined;
  set(id: string, watch: ShimWatch): void;
  delete(id: string): void;
  /** Aborts, or is aborted, when someone wants the container's end sooner than a stop that waits for it. */
  patience(id: string): { signal: AbortSignal; done(): void };
  /** Cuts the time of a stop short: of one that waits, and of those that begin until `itsTurn` is called. */
  hurry(id: string): { itsTurn(): void };
}

export function createRuns(): Runs {
  const watches = new Map<string, ShimWatch>();
  const waiting = new Map<string, AbortController>();
  /** Who wants an end, and whose turn has not come. */
  const hurried = new Map<string, Set<object>>();
  return {
    get: (id) => watches.get(id),
    set: (id, watch) => void watches.set(id, watch),
    delete: (id) => void watches.delete(id),
    patience(id) {
      const controller = new AbortController();
      waiting.set(id, controller);
      if (hurried.has(id)) controller.abort();
      return { signal: controller.signal, done: () => void waiting.delete(id) };
    },
    hurry(id) {
      waiting.get(id)?.abort();
      const inTurn = hurried.get(id) ?? new Set();
      hurried.set(id, inTurn);
      const one = {
        itsTurn() {
          inTurn.delete(one);
          if (inTurn.size === 0) hurried.delete(id);
        },
      };
      inTurn.add(one);
      return one;
    },
  };
}
