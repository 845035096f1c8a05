import { readServerSentEvents } from "@/lib/client/server-sent-events.ts";
import type { LogQuery, LogRecord } from "@/lib/contract/log.ts";
import { type Problem, ProblemError } from "@/lib/contract/problem.ts";
import { problemFrom } from "../api.ts";
import { watchSight } from "../live/watch-sight.ts";
import { append, emptyWindow, firstOffset, type LogWindow, nextOffset, prepend, trimStart } from "./log-window.ts";

/** What narrows a log; the server does it. `since` is as in the API: 10m, 2h. */
export interface LogFilter {
  grep: string;
  ignoreCase: boolean;
  stream: "" | "stdout" | "stderr";
  since: string;
}

export const noFilter: LogFilter = { grep: "", ignoreCase: true, stream: "", since: "" };

/** Where records come from: answers server-sent events with `follow`, else JSON lines. */
export type OpenLog = (query: Partial<LogQuery>, signal: AbortSignal) => Promise<Response>;

/** loading: nothing came yet · live · ended: nothing more will come · broken: it is tried again · refused: see `problem`. */
export type FeedStatus = "loading" | "live" | "ended" | "broken" | "refused";

export interface FeedState {
  window: LogWindow;
  status: FeedStatus;
  problem: Problem | null;
  /** False: the person reads, and nothing is taken away or pushed in under their eyes. */
  following: boolean;
  /** Lines that came behind the window while the person reads. */
  unseen: number;
  /** Whether the log may have lines in front of the window, and has some behind it. */
  older: boolean;
  newer: boolean;
  loadingOlder: boolean;
}

const tailLines = 500;
const followedLines = 1_000;
/** A reader's window grows up to this; then what is far above is let go of as they go down. */
const readLines = 12_000;
const pageLines = 500;
/** Time between two drawings; a page that takes longer to draw gets four times as long to do something else. */
const flushMs = 100;
const restFactor = 4;
const maxBackOffMs = 10_000;
/** How far a merged log goes back when it goes on; what had come is left out. */
const mergedOverlapMs = 1_000;

export const initialFeedState: FeedState = {
  window: emptyWindow,
  status: "loading",
  problem: null,
  following: true,
  unseen: 0,
  older: false,
  newer: false,
  loadingOlder: false,
};

/**
 * The part of a log that a page shows, as it grows. A flood is drawn every 100 ms, with its last lines alone; whoever
 * scrolls up gets a window that holds still, and pages of older and newer lines at its ends. While nobody looks at the
 * page nothing is read; then it goes on behind what came.
 */
export interface LogFeed {
  state(): FeedState;
  subscribe(listener: () => void): () => void;
  /** Holds still: for someone who has scrolled up. */
  read(): void;
  /** Goes to the end, and follows it. */
  follow(): void;
  /** The page before the window. */
  loadOlder(): Promise<void>;
  /** The page behind the window, for a reader who has come to its end; at the log's end it follows again. */
  loadNewer(): Promise<void>;
  /** Reads on behind what came, as after an end that was not the last; whoever reads stays where they are. */
  goOn(): void;
  close(): void;
}

interface Options {
  open: OpenLog;
  filter: LogFilter;
  /** Whether the log has offsets to page by; a merged one has none. */
  pages: boolean;
  /** Begins as a reader, with the lines around this offset. */
  around?: number | null;
}

export function createLogFeed({ open, filter, pages, around = null }: Options): LogFeed {
  const closing = new AbortController();
  const listeners = new Set<() => void>();
  let state: FeedState = { ...initialFeedState, following: around === null };
  /** Records as they came, and how many of them were not kept: of a flood only the end is read. */
  let waiting: string[] = [];
  let passed = 0;
  /** What came last, and last of each container: behind it a broken stream goes on. */
  let last: LogRecord | null = null;
  let lastOf = new Map<string, LogRecord>();
  let streaming = new AbortController();
  let over = false;

  const set = (change: Partial<FeedState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const filtered = (query: Partial<LogQuery>): Partial<LogQuery> => ({
    ...(filter.grep !== "" && { grep: filter.grep, ignoreCase: filter.ignoreCase }),
    ...(filter.stream !== "" && { stream: filter.stream }),
    ...(filter.since !== "" && { since: filter.since }),
    ...query,
  });

  const take = (data: string) => {
    waiting.push(data);
    if (waiting.length < 2 * followedLines) return;
    passed += followedLines;
    waiting = waiting.slice(followedLines);
  };

  const flush = () => {
    if (waiting.length === 0) return;
    const all = waiting.slice(-followedLines).map((data): LogRecord => JSON.parse(data));
    const news = all.filter((record) => !isRepeated(record, lastOf.get(record.container ?? "")));
    const came = passed + waiting.length - (all.length - news.length);
    waiting = [];
    passed = 0;
    if (news.length === 0) return;
    for (const record of news) lastOf.set(record.container ?? "", record);
    last = news.at(-1) ?? last;
    if (!state.following) return set({ unseen: state.unseen + came, newer: pages });
    const skipped = came > followedLines;
    const window = skipped ? append(emptyWindow, news) : trimStart(append(state.window, news), followedLines);
    const older = pages && (state.older || skipped || window.chunks[0] !== state.window.chunks[0]);
    set({ window, older: older && (firstOffset(window) ?? 0) > 0 });
  };

  /** One stream until it ends or breaks; true when nothing more will come. */
  const stream = async (query: Partial<LogQuery>, signal: AbortSignal): Promise<boolean> => {
    const response = await open(filtered({ ...query, follow: true }), signal);
    if (state.status !== "live") set({ status: "live", problem: null });
    if (!response.body) return true;
    for await (const { event, data } of readServerSentEvents(response.body)) {
      if (signal.aborted) return false;
      if (event === "end") return true;
      if (event === "problem") throw new ProblemError(JSON.parse(data));
      if (event === "message") take(data);
    }
    return false;
  };

  const keepStreaming = async (signal: AbortSignal): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        if (await stream(resumption(), signal)) {
          flush();
          over = true;
          return set({ status: "ended" });
        }
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        const problem = problemFrom(error);
        if (problem.status >= 400 && problem.status < 500) {
          over = true;
          return set({ status: "refused", problem });
        }
      }
      if (signal.aborted) return;
      flush();
      set({ status: "broken" });
      failures += 1;
      await pause(Math.min(250 * 2 ** failures, maxBackOffMs), signal);
    }
  };

  /** Where a stream begins, or goes on: behind what came, whether it is shown or only counted. */
  const resumption = (): Partial<LogQuery> => {
    if (!last) return { tail: tailLines };
    if (pages) return { after: last.next };
    // A merged log has no offset of its own, and lines of different containers come in order within a moment alone.
    return { since: new Date(Date.parse(last.time) - mergedOverlapMs).toISOString() };
  };

  const connect = () => {
    streaming.abort();
    if (over || !sight.inSight()) return;
    streaming = new AbortController();
    void keepStreaming(streaming.signal);
  };
  const restart = () => {
    waiting = [];
    passed = 0;
    last = null;
    lastOf = new Map();
    over = false;
    connect();
  };
  const sight = watchSight({
    onRest() {
      flush();
      streaming.abort();
    },
    onSeen: connect,
  });

  /** At most a page of records of an answer in JSON lines; the rest of it is not read. */
  const readPage = async (query: Partial<LogQuery>): Promise<LogRecord[]> => {
    const enough = new AbortController();
    const response = await open(filtered(query), AbortSignal.any([closing.signal, enough.signal]));
    const records: LogRecord[] = [];
    for await (const line of readLinesOf(response)) {
      records.push(JSON.parse(line));
      if (records.length >= pageLines) break;
    }
    enough.abort();
    return records;
  };

  let paging: Promise<void> | null = null;
  const onePage = (work: () => Promise<void>): Promise<void> => {
    paging ??= work()
      .catch((error) => {
        if (!closing.signal.aborted) set({ problem: problemFrom(error) });
      })
      .finally(() => {
        paging = null;
      });
    return paging;
  };

  const loadOlder = () =>
    onePage(async () => {
      const before = firstOffset(state.window);
      if (!pages || !state.older || before === null) return;
      set({ loadingOlder: true });
      try {
        const records = await readPage({ before, tail: pageLines });
        set({ window: prepend(state.window, records), older: records.length >= pageLines });
      } finally {
        set({ loadingOlder: false });
      }
    });

  const loadNewer = () =>
    onePage(async () => {
      const after = nextOffset(state.window);
      if (state.following || !pages || after === null) return;
      const records = await readPage({ after });
      const window = trimStart(append(state.window, records), readLines);
      const older = state.older || window.chunks[0] !== state.window.chunks[0];
      const newer = records.length >= pageLines;
      set({ window, older, newer, unseen: newer ? Math.max(0, state.unseen - records.length) : 0 });
    });

  const showAround = async (offset: number): Promise<void> => {
    const before = await readPage({ before: offset, tail: pageLines });
    const after = await readPage({ after: offset });
    set({
      window: prepend(append(emptyWindow, after), before),
      older: before.length >= pageLines,
      newer: after.length >= pageLines,
    });
  };

  let timer: ReturnType<typeof setTimeout>;
  const flushAgain = () => {
    if (closing.signal.aborted) return;
    const began = performance.now();
    flush();
    // React draws right behind this: the next turn of the loop tells what it took.
    setTimeout(() => {
      const rest = Math.max(flushMs, restFactor * (performance.now() - began));
      timer = setTimeout(flushAgain, rest);
    });
  };
  timer = setTimeout(flushAgain, flushMs);
  if (around !== null) void onePage(() => showAround(around));
  restart();

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read() {
      if (state.following) set({ following: false });
    },
    follow() {
      if (state.following) return;
      const stale = state.unseen > 0 || state.newer;
      set({
        following: true,
        unseen: 0,
        newer: false,
        ...(stale && { window: emptyWindow, older: false, status: "loading" }),
      });
      if (stale) restart();
    },
    loadOlder,
    loadNewer,
    goOn() {
      if (closing.signal.aborted) return;
      flush();
      over = false;
      connect();
    },
    close() {
      clearTimeout(timer);
      sight.stop();
      streaming.abort();
      closing.abort();
    },
  };
}

/** Whether a record had come before a stream went on. Offsets begin anew in another container of the same name. */
function isRepeated({ offset, time }: LogRecord, last: LogRecord | undefined): boolean {
  return last !== undefined && offset < last.next && time <= last.time;
}

async function* readLinesOf(response: Response): AsyncGenerator<string> {
  if (!response.body) return;
  let rest = "";
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield line;
    }
    if (rest !== "") yield rest;
  } finally {
    reader.cancel().catch(() => {});
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
