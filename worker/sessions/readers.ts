import { EventEmitter, once } from "node:events";

/** How long one who has a session and does not read may take to come (back), in milliseconds. */
const patienceMs = 10_000;

/**
 * Who reads a container's output, or may come to: whoever has a session on its streams. A container that removes itself
 * waits for them, so that the end of its output, and how it ended, is not lost to a slow reader or a broken connection.
 */
export interface Readers {
  /** Somebody has a session on the container's streams. */
  expect(containerId: string, sessionId: string): void;
  /** Nobody comes by this session any more. */
  forget(containerId: string, sessionId: string): void;
  /** A stream of output begins; what is returned tells its end. */
  enter(containerId: string): () => void;
  /** Resolves once nobody reads and, where there are sessions, nobody has come for a while. */
  untilLeft(containerId: string): Promise<void>;
}

export function createReaders(waitMs = patienceMs): Readers {
  const sessions = new Map<string, Set<string>>();
  const streams = new Map<string, number>();
  const changes = new EventEmitter().setMaxListeners(0);

  const count = (containerId: string, change: 1 | -1) => {
    const now = (streams.get(containerId) ?? 0) + change;
    if (now > 0) streams.set(containerId, now);
    else streams.delete(containerId);
    changes.emit(containerId);
  };
  const somebodyComes = (containerId: string) =>
    once(changes, containerId, { signal: AbortSignal.timeout(waitMs) }).then(
      () => true,
      () => false,
    );

  return {
    expect(containerId, sessionId) {
      sessions.set(containerId, (sessions.get(containerId) ?? new Set()).add(sessionId));
    },
    forget(containerId, sessionId) {
      const left = sessions.get(containerId);
      left?.delete(sessionId);
      if (left?.size === 0) sessions.delete(containerId);
      changes.emit(containerId);
    },
    enter(containerId) {
      count(containerId, 1);
      return () => count(containerId, -1);
    },
    async untilLeft(containerId) {
      for (;;) {
        if (streams.has(containerId)) await once(changes, containerId);
        else if (!sessions.has(containerId) || !(await somebodyComes(containerId))) return;
      }
    },
  };
}
