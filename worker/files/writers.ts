import { fail } from "../../lib/contract/problem.ts";

/** Something that writes into a container: `signal` aborts with why, and `done` is called when it has closed everything. */
export interface Writer {
  signal: AbortSignal;
  done(): void;
}

/** Who writes into containers' files: none may go on into the layers that a further run has mounted anew. */
export interface Writers {
  begin(id: string): Writer;
  /** Ends all that write into a container; resolves when they have closed what they had opened. */
  end(id: string): Promise<void>;
}

export function createWriters(): Writers {
  const open = new Map<string, Map<AbortController, Promise<void>>>();
  return {
    begin(id) {
      const controller = new AbortController();
      const writing = open.get(id) ?? new Map<AbortController, Promise<void>>();
      open.set(id, writing);
      let done = () => {};
      writing.set(controller, new Promise((resolve) => (done = resolve)));
      return {
        signal: controller.signal,
        done() {
          writing.delete(controller);
          if (writing.size === 0) open.delete(id);
          done();
        },
      };
    },
    async end(id) {
      const writing = [...(open.get(id) ?? [])];
      for (const [controller] of writing) controller.abort();
      await Promise.all(writing.map(([, done]) => done));
    },
  };
}

/** What comes, as long as it may be written. Throws superseded once the container is to run anew, or to go. */
export async function* whileAllowed<T>(content: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const pieces = content[Symbol.asyncIterator]();
  const ended = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  try {
    for (;;) {
      const next = pieces.next();
      next.catch(() => {});
      const piece = await Promise.race([next, ended]);
      if (!piece) throw interrupted();
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    pieces.return?.().catch(() => {});
  }
}

function interrupted() {
  return fail("superseded", "The upload was ended", "The container was to be started or deleted meanwhile.", {
    remedy: "Send it again once the container runs.",
  });
}
