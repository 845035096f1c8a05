import type { LogQuery } from "../../lib/contract/log.ts";
import { closeLogFiles, openLogFiles } from "./files.ts";
import type { ShownLine } from "./format.ts";
import { readLines } from "./lines.ts";
import type { Matcher } from "./matcher.ts";
import { mergeAsTheyCome, mergeLines } from "./merge-logs.ts";
import { parseMoment } from "./moment.ts";
import type { LogRange } from "./range.ts";
import { readLog } from "./read-log.ts";
import { searchLines } from "./search.ts";
import { findEnd } from "./tail.ts";

/** A container's log, and whether more may come. */
export interface LogSource {
  folder: string;
  isRunning: () => boolean;
}

/** How a log is shown. */
export interface ShowLog {
  range: LogRange;
  follow: boolean;
  matcher: Matcher | null;
  signal: AbortSignal;
}

/** The part of a log that a query names. */
export function rangeOf({ tail, since, until, before, after, stream }: LogQuery): LogRange {
  return {
    tail,
    before,
    after,
    since: since === undefined ? undefined : parseMoment(since),
    until: until === undefined ? undefined : parseMoment(until),
    stream: stream && (stream === "stdout" ? 1 : 2),
  };
}

/** A container's lines. */
export function showLog(source: LogSource, { range, ...options }: ShowLog): AsyncGenerator<ShownLine[]> {
  const lines = readLines(readLog(source.folder, { ...source, ...range, ...options }), options);
  return options.matcher ? searchLines(lines, options.matcher) : lines;
}

/** The lines of several containers, by their names, in order of time: what there is, and with `follow` what comes. */
export async function* showMergedLog(
  sources: ReadonlyMap<string, LogSource>,
  { range, follow, ...options }: ShowLog,
): AsyncGenerator<ShownLine[]> {
  const ends = new Map<string, number>();
  for (const [name, { folder }] of sources) ends.set(name, await endOf(folder));
  const each = (rangeFor: (end: number) => LogRange, goesOn: boolean) =>
    [...sources].map(([name, source]) =>
      named(name, showLog(source, { ...options, follow: goesOn, range: rangeFor(ends.get(name) ?? 0) })),
    );
  yield* mergeLines(
    each((before) => ({ ...range, before }), false),
    range.tail,
  );
  if (follow) yield* mergeAsTheyCome(each((after) => ({ ...range, tail: undefined, after }), true));
}

async function* named(container: string, batches: AsyncGenerator<ShownLine[]>): AsyncGenerator<ShownLine[]> {
  for await (const lines of batches) yield lines.map((line) => ({ ...line, container }));
}

async function endOf(folder: string): Promise<number> {
  const files = await openLogFiles(folder);
  try {
    return await findEnd(files);
  } finally {
    await closeLogFiles(files);
  }
}
