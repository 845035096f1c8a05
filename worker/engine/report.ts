import * as z from "zod";
import { ExitReason, MissingFeature } from "../../lib/contract/container.ts";
import { type Problem, type ProblemCode, problem } from "../../lib/contract/problem.ts";

const Started = z.object({
  ok: z.literal(true),
  pid: z.int(),
  startTime: z.string(),
  startedAt: z.iso.datetime(),
  missing: z.array(MissingFeature).default([]),
});
export type Started = z.infer<typeof Started>;

const Failed = z.object({
  ok: z.literal(false),
  step: z.string(),
  call: z.string(),
  subject: z.string(),
  errno: z.int(),
  errnoName: z.string().nullable(),
  message: z.string(),
  remedy: z.string().optional(),
  code: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});

/** What a shim writes to its report pipe once the program runs, or could not be started. */
const Report = z.discriminatedUnion("ok", [Started, Failed]);

/** exit.json: how the container's first process ended. */
export const ExitFile = z.object({
  exitCode: z.int(),
  signal: z.string().nullable(),
  reason: ExitReason,
  oomKills: z.int(),
  finishedAt: z.iso.datetime(),
  offset: z.int(),
});
export type ExitFile = z.infer<typeof ExitFile>;

/** pid.json: the container's first process and its shim. */
export const PidFile = z.object({
  pid: z.int(),
  startTime: z.string(),
  shimPid: z.int(),
  shimStartTime: z.string(),
  bootId: z.string(),
});
export type PidFile = z.infer<typeof PidFile>;

const titles: Partial<Record<ProblemCode, string>> = {
  "container-not-running": "The container does not run",
  "command-not-found": "The command is not in the image",
  "command-not-executable": "The command can't be executed",
  "interpreter-not-found": "The script's interpreter is not in the image",
  "loader-not-found": "The program's loader is not in the image",
  "wrong-architecture": "The program is for another processor",
  "permission-denied": "The container's user may not do that",
  "mount-refused": "A mount was refused",
  "proc-masked": "The host's /proc is masked",
  "limit-too-small": "A limit is too small to start",
  "limit-not-enforceable": "A limit can't be enforced on this host",
  "invalid-bundle": "The container's bundle does not fit",
};
const isReported = (code: string): code is ProblemCode => Object.hasOwn(titles, code);

/**
 * Reads a shim's report: the process that was started, or the problem that says what failed, where and why; `title` is
 * that of a failure without a better one.
 */
export function readReport(
  text: string,
  title = "The container did not start",
): { started: Started } | { problem: Problem } {
  if (text === "") {
    return {
      problem: problem("start-failed", "The shim died", "The shim ended before it could report.", {
        remedy: "Look into the host's kernel log (dmesg) for a crash or for a lack of memory, then try again.",
      }),
    };
  }
  const parsed = Report.safeParse(parseJson(text));
  if (!parsed.success) {
    const words = `The shim reported what can't be read: ${text.slice(0, 200)}`;
    return { problem: problem("start-failed", title, words) };
  }
  const report = parsed.data;
  if (report.ok) return { started: report };
  const code = isReported(report.code) ? report.code : "start-failed";
  const { step, call, subject, errno, errnoName } = report;
  return {
    problem: problem(code, titles[code] ?? title, report.message, {
      ...(report.remedy && { remedy: report.remedy }),
      ...(report.details && { details: report.details }),
      cause: { step, call, subject, errno, errnoName },
    }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
