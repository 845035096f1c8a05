import { Worker } from "node:worker_threads";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";

/** The places in a line at which an expression matches, as UTF-16 [start, end). */
export type Matches = [start: number, end: number][];

/** Searches lines with a regular expression, in a thread of its own: never on this process's loop. */
export interface Matcher {
  /**
   * For each line, without its end, where the expression matches; null where it does not. Throws the problem
   * pattern-too-slow when the lines, or with a limited time all lines together, take too long.
   */
  match(lines: readonly string[]): Promise<(Matches | null)[]>;
  close(): void;
}

/** What a batch of lines may take, and a whole search that has an end; in milliseconds. */
const batchMs = 2_000;
const searchMs = 20_000;
/** Searches at once in this process: each has a thread. */
const maxSearches = 8;
/** Places that are told of one line. */
const maxMatches = 100;

/** What the thread runs: plain JavaScript, so that sources and bundle start it alike. */
const program = `
const { parentPort, workerData } = require("node:worker_threads");
const expression = new RegExp(workerData.pattern, workerData.flags);
const search = (line) => {
  const found = [];
  expression.lastIndex = 0;
  for (let hit = expression.exec(line); hit; hit = expression.exec(line)) {
    found.push([hit.index, hit.index + hit[0].length]);
    if (found.length === ${maxMatches}) break;
    if (hit[0] === "") expression.lastIndex += 1;
  }
  return found.length > 0 ? found.filter(([start, end]) => end > start) : null;
};
parentPort.on("message", (lines) => parentPort.postMessage(lines.map(search)));
`;

let searches = 0;

/**
 * Starts a search for an expression of JavaScript's grammar. The time of one that is not `endless` is limited.
 * Throws validation-failed for what is no expression, and too-many-requests.
 */
export function createMatcher(
  pattern: string,
  { ignoreCase, endless }: { ignoreCase: boolean; endless: boolean },
): Matcher {
  const flags = ignoreCase ? "gi" : "g";
  requireExpression(pattern, flags);
  if (searches >= maxSearches) {
    const words = `${maxSearches} searches run at once, and no more are begun`;
    throw fail("too-many-requests", "Too many searches", words, { remedy: "Wait until another one has ended." });
  }
  searches += 1;
  const thread = new Worker(program, {
    eval: true,
    workerData: { pattern, flags },
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });
  thread.on("error", () => {});
  thread.unref();
  let spent = 0;
  let last: Promise<unknown> = Promise.resolve();
  let open = true;

  const close = () => {
    if (!open) return;
    open = false;
    searches -= 1;
    void thread.terminate();
  };

  const ask = async (lines: readonly string[]): Promise<(Matches | null)[]> => {
    if (!open || lines.length === 0) return lines.map(() => null);
    const began = performance.now();
    try {
      return await answered(thread, lines, endless ? batchMs : Math.min(batchMs, searchMs - spent));
    } catch (error) {
      close();
      throw tooSlow(pattern, error);
    } finally {
      spent += performance.now() - began;
    }
  };

  return {
    match(lines) {
      // One at a time: what waits for its turn takes none of the time.
      const turn = last.then(() => ask(lines));
      last = turn.catch(() => {});
      return turn;
    },
    close,
  };
}

function requireExpression(pattern: string, flags: string): void {
  try {
    new RegExp(pattern, flags);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw fail("validation-failed", "The request does not fit", `grep: ${message}`, {
      errors: [{ path: "grep", message }],
    });
  }
}

function answered(thread: Worker, lines: readonly string[], timeoutMs: number): Promise<(Matches | null)[]> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      clearTimeout(timer);
      thread.off("message", onMessage);
      thread.off("error", onError);
      action();
    };
    const onMessage = (found: (Matches | null)[]) => settle(() => resolve(found));
    const onError = (error: unknown) => settle(() => reject(error));
    const timer = setTimeout(() => settle(() => reject(new Error("it takes too long"))), Math.max(1, timeoutMs));
    thread.on("message", onMessage);
    thread.on("error", onError);
    thread.postMessage(lines);
  });
}

function tooSlow(pattern: string, cause: unknown): ProblemError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return fail("pattern-too-slow", "The expression is too slow", `${JSON.stringify(pattern)}: ${reason}`, {
    remedy: "Avoid repetitions within repetitions, as in (a+)+, or narrow the search by time or by lines.",
  });
}
