import { CommanderError } from "commander";
import { ProblemError } from "../lib/contract/problem.ts";
import type { Style } from "./style.ts";

/** Exit codes of the command line itself; `start -a` and `attach` pass the container's own on. */
export const ExitCode = {
  ok: 0,
  /** The call was refused or failed. */
  failure: 1,
  /** The command line was wrong: unknown verb, option or value. */
  usage: 2,
  /** MiniRun could not be reached. */
  unreachable: 125,
} as const;

/** An error for a person: what happened, to what and why, what to do; and the exit code that goes with it. */
export class CliError extends Error {
  readonly remedy: string | undefined;
  readonly exitCode: number;

  constructor(message: string, options: { remedy?: string; exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "CliError";
    this.remedy = options.remedy;
    this.exitCode = options.exitCode ?? ExitCode.failure;
  }
}

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (error instanceof CliError) return error.exitCode;
  return ExitCode.failure;
}

/** Writes an error as lines for a person: title, detail, fields, the kernel's answer, remedy. */
export function describeError(error: unknown, style: Style): string {
  if (error instanceof ProblemError) return describeProblem(error, style);
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof CliError ? error.remedy : undefined;
  return [`${style.red("error:")} ${message}`, ...(remedy ? [`  ${style.dim("→")} ${remedy}`] : [])].join("\n");
}

function describeProblem({ problem }: ProblemError, style: Style): string {
  const lines = [`${style.red("error:")} ${style.bold(problem.title)}`, `  ${problem.detail}`];
  for (const { path, message } of problem.errors ?? []) {
    const line = `${path}: ${message}`;
    if (!problem.detail.includes(line)) lines.push(`  ${line}`);
  }
  if (problem.cause) {
    const { step, call, subject, errno, errnoName } = problem.cause;
    lines.push(`  ${style.dim(`step ${step}: ${call}(${subject}) = ${errnoName ?? errno} (${errno})`)}`);
  }
  if (problem.details) {
    const facts = Object.entries(problem.details).map(([name, value]) => `${name} ${value}`);
    if (facts.length > 0) lines.push(`  ${style.dim(facts.join(", "))}`);
  }
  if (problem.remedy) lines.push(`  ${style.dim("→")} ${problem.remedy}`);
  return lines.join("\n");
}
