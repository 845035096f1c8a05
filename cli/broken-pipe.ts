const listeners = new Set<() => void>();
let isBroken = false;

/**
 * Ends this process when whoever reads its output has gone: one who has seen enough (`minirun logs web | head`) is no
 * error. Where something is to be ended first, those who have asked by {@link onBrokenPipe} hear of it instead, once.
 */
export function watchForBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      if (isBroken) return;
      isBroken = true;
      if (listeners.size === 0) process.exit();
      for (const listener of listeners) listener();
    });
  }
}

/** Hears that nobody reads this process's output any more; returns what takes that back. */
export function onBrokenPipe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
