import type { ContainerEvent } from "../../lib/contract/event.ts";

/** Tells listeners in this process what happened, as it happens. */
export interface Events {
  publish(event: ContainerEvent): void;
  /** Answers how to stop listening. */
  subscribe(listener: (event: ContainerEvent) => void): () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(event: ContainerEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
