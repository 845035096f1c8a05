import { CommanderError } from "commander";
import { type ProblemCode, ProblemError } from "../lib/contract/problem.ts";
import { type Style, styleFor } from "./style.ts";
import { harmless } from "./text.ts";

/** Exit codes of the command line itself; run, exec, attach and start -a pass the container's own on. */
export const ExitCode = {
  ok: 0,
  /** The call was refused or failed. */
  failure: 1,
  /** The command line was wrong: unknown verb, option or value. */
  usage: 2,
  /** A threshold of monitor was passed. */
  threshold: 3,
  /** MiniRun could not be reached, or could not do it where the exit code is the container's (as Docker has it). */
  unreachable: 125,
  notExecutable: 126,
  commandNotFound: 127,
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

/** Says what to do when nothing answers; every other error comes back as it is. */
export function explainUnreachable(error: unknown): unknown {
  // By its name: its class would bring the whole client along.
  if (!(error instanceof Error) || error.name !== "UnreachableError") return error;
  const why = error.cause instanceof Error && error.cause.cause instanceof Error ? error.cause.cause.message : "";
  return new CliError(`${error.message}${why ? `: ${why}` : ""}.`, {
    remedy: "./minirun status tells whether it runs here; ./minirun up starts it.",
    exitCode: ExitCode.unreachable,
    cause: error,
  });
}

/**
 * Runs what ends with a container's exit code, and returns it. An error is written here, with the exit code that Docker
 * gives it: 125, or 126 and 127 where the command is at fault.
 */
export async function withAttachedExitCode(act: () => Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (caught) {
    const error = explainUnreachable(caught);
    console.error(describeError(error, styleFor(process.stderr)));
    return attachedExitCodeOf(error);
  }
}

/** As a shell has it: 127 where nothing was found that could be executed, 126 where something was. */
const notFound: ProblemCode[] = ["command-not-found", "interpreter-not-found", "loader-not-found"];
const notExecutable: ProblemCode[] = ["command-not-executable", "wrong-architecture"];

export function attachedExitCodeOf(error: unknown): number {
  if (!(error instanceof ProblemError)) return ExitCode.unreachable;
  const { code, cause } = error.problem;
  if (notFound.includes(code)) return ExitCode.commandNotFound;
  if (notExecutable.includes(code)) return ExitCode.notExecutable;
  const isCommand = cause?.step === "exec" || cause?.step === "find program";
  return code === "permission-denied" && isCommand ? ExitCode.notExecutable : ExitCode.unreachable;
}

/** Writes an error as lines for a person: title, detail, fields, the kernel's answer, remedy. */
export function describeError(error: unknown, style: Style): string {
  if (error instanceof ProblemError) return describeProblem(error, style);
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof CliError ? error.remedy : undefined;
  return [`${style.red("error:")} ${message}`, ...(remedy ? [`  ${style.dim("→")} ${remedy}`] : [])].join("\n");
}

function describeProblem({ problem }: ProblemError, style: Style): string {
  const lines = [`${style.red("error:")} ${style.bold(problem.title)}`, ...indent(problem.detail)];
  for (const { path, message } of problem.errors ?? []) {
    const line = path ? `${path}: ${message}` : message;
    if (!problem.detail.includes(line)) lines.push(...indent(line));
  }
  if (problem.cause) {
    const { step, call, subject, errno, errnoName } = problem.cause;
    lines.push(`  ${style.dim(`step ${step}: ${call}(${harmless(subject)}) = ${errnoName ?? errno} (${errno})`)}`);
  }
  if (problem.details) {
    const facts = Object.entries(problem.details).map(([name, value]) => `${name} ${harmless(String(value))}`);
    if (facts.length > 0) lines.push(`  ${style.dim(facts.join(", "))}`);
  }
  if (problem.remedy) lines.push(`  ${style.dim("→")} ${problem.remedy}`);
  return lines.join("\n");
}

/** Lines of a text that may quote a container's: each indented, and without control characters. */
function indent(text: string): string[] {
  return text.split("\n").map((line) => `  ${harmless(line)}`);
}
