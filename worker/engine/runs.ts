import type { ShimWatch } from "./shim.ts";

/** The shims that are being watched, by container. */
export interface Runs {
  get(id: string): ShimWatch | undefined;
  set(id: string, watch: ShimWatch): void;
  delete(id: string): void;
  /** Aborts when someone wants the container's end sooner than a stop that waits for it. */
  patience(id: string): { signal: AbortSignal; done(): void };
  /** Cuts a waiting stop's time short. */
  hurry(id: string): void;
}

export function createRuns(): Runs {
  const watches = new Map<string, ShimWatch>();
  const waiting = new Map<string, AbortController>();
  return {
    get: (id) => watches.get(id),
    set: (id, watch) => void watches.set(id, watch),
    delete: (id) => void watches.delete(id),
    patience(id) {
      const controller = new AbortController();
      waiting.set(id, controller);
      return { signal: controller.signal, done: () => void waiting.delete(id) };
    },
    hurry: (id) => waiting.get(id)?.abort(),
  };
}
