import type { ShimWatch } from "./shim.ts";

/** The shims that are being watched, by container. */
export interface Runs {
  get(id: string): ShimWatch | undefined;
  set(id: string, watch: ShimWatch): void;
  delete(id: string): void;
  /** Aborts, or is aborted, when someone wants the container's end sooner than a stop that waits for it. */
  patience(id: string): { signal: AbortSignal; done(): void };
  /** Cuts the time of a stop short: of one that waits, and of those that begin until what is returned is called, once. */
  hurry(id: string): () => void;
}

export function createRuns(): Runs {
  const watches = new Map<string, ShimWatch>();
  const waiting = new Map<string, AbortController>();
  /** How many want an end whose turn has not come. */
  const hurried = new Map<string, number>();
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
      hurried.set(id, (hurried.get(id) ?? 0) + 1);
      return () => {
        const left = (hurried.get(id) ?? 0) - 1;
        if (left > 0) hurried.set(id, left);
        else hurried.delete(id);
      };
    },
  };
}
