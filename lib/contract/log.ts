import * as z from "zod";

const Moment = z
  .union([z.iso.datetime({ offset: true }), z.string().regex(/^\d{1,9}[smhd]$/)], {
    error: "must be RFC 3339, or how long ago: 90s, 10m, 2h, 3d",
  })
  .describe("RFC 3339, or how long ago: 90s, 10m, 2h, 3d");

/**
 * Query of a log. `follow` goes on until the client leaves or the container ends. Everything else narrows what was
 * written: `grep` is a regular expression in JavaScript's grammar, searched in each line with a bound on its time.
 */
export const LogQuery = z.object({
  tail: z.coerce.number().int().min(0).max(1_000_000).optional().describe("only the last N lines"),
  since: Moment.optional(),
  until: Moment.optional(),
  before: z.coerce.number().int().min(0).optional().describe("only lines before this offset: for paging backwards"),
  after: z.coerce.number().int().min(0).optional().describe("only lines from this offset on: how a follower returns"),
  grep: z.string().max(500).optional(),
  ignoreCase: z.stringbool().default(false),
  stream: z.enum(["stdout", "stderr"]).optional(),
  timestamps: z.stringbool().default(false),
  follow: z.stringbool().default(false),
});
export type LogQuery = z.infer<typeof LogQuery>;

/** How many containers one merged log may have. */
const maxMergedLogs = 200;

/** Several containers' logs as one, in order of time. */
export const MergedLogQuery = LogQuery.omit({ before: true, after: true }).extend({
  tail: z.coerce.number().int().min(0).max(10_000).optional().describe("only the last N lines of all together"),
  containers: z
    .string()
    .min(1)
    .max(70_000)
    .transform((text) => [...new Set(text.split(","))])
    .refine((refs) => refs.length <= maxMergedLogs, `at most ${maxMergedLogs} containers`)
    .describe("names or ids, with commas between"),
});
export type MergedLogQuery = z.infer<typeof MergedLogQuery>;

/**
 * A line with its line feed, or a piece of one, which has none: it is longer than 64 KiB, not ended yet, or the other
 * stream came in between; the next record of its stream goes on with it. UTF-8 with replacement characters; `next` is
 * the offset behind it. `matches` are the places that `grep` found in `text`, as UTF-16 [start, end).
 */
export const LogRecord = z
  .object({
    offset: z.int(),
    next: z.int(),
    time: z.iso.datetime(),
    stream: z.enum(["stdout", "stderr"]),
    text: z.string(),
    container: z.string().optional().describe("its name, in a merged log"),
    matches: z.array(z.tuple([z.int(), z.int()])).optional(),
  })
  .meta({ id: "LogRecord" });
export type LogRecord = z.infer<typeof LogRecord>;
