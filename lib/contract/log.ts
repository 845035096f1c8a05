import { z } from "zod";

/** Query of a container's log. `follow` goes on until the client leaves or the container ends. */
export const LogQuery = z.object({
  tail: z.coerce.number().int().min(0).max(1_000_000).optional().describe("only the last N lines"),
  stream: z.enum(["stdout", "stderr"]).optional(),
  timestamps: z.stringbool().default(false),
  follow: z.stringbool().default(false),
});
export type LogQuery = z.infer<typeof LogQuery>;

/** One record of the log as it was read from the container; `text` is decoded as UTF-8, with replacement characters. */
export const LogRecord = z
  .object({ offset: z.int(), time: z.iso.datetime(), stream: z.enum(["stdout", "stderr"]), text: z.string() })
  .meta({ id: "LogRecord" });
export type LogRecord = z.infer<typeof LogRecord>;
