/** Runs what concerns one container one after the other, and different containers side by side. */
export interface Lanes {
  run<T>(id: string, task: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is running or waiting in any lane. */
  idle(): Promise<void>;
}

export function createLanes(): Lanes {
  const tails = new Map<string, Promise<void>>();
  return {
    run(id, task) {
      const result = (tails.get(id) ?? Promise.resolve()).then(task);
      const tail = result.then(
        () => {},
        () => {},
      );
      tails.set(id, tail);
      void tail.then(() => {
        if (tails.get(id) === tail) tails.delete(id);
      });
      return result;
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
