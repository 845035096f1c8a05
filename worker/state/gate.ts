/** What passes one after the other, and is held up while somebody has closed it. */
export interface Gate {
  /** Does it when the gate is open. */
  pass(work: () => Promise<void>): Promise<void>;
  /** Closes it; resolves when nothing is on its way through, with how to open it again. */
  close(): Promise<() => void>;
}

export function createGate(): Gate {
  const closed = new Set<Promise<void>>();
  let passing: Promise<unknown> = Promise.resolve();
  return {
    async pass(work) {
      while (closed.size > 0) await Promise.all(closed);
      const done = work();
      passing = done.catch(() => {});
      await done;
    },
    async close() {
      let open = () => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      closed.add(opened);
      await passing;
      return () => {
        closed.delete(opened);
        open();
      };
    },
  };
}
