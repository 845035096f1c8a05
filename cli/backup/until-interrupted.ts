import { CliError } from "../errors.ts";

/** 128 + the number of SIGINT, SIGTERM and SIGHUP, as a shell has it. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Does something that a signal ends: its own signal aborts then, and it clears away what it has begun. */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  let by: keyof typeof exitCodes | null = null;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      by ??= name;
      stop.abort();
    });
  }
  try {
    await work(stop.signal);
  } catch (error) {
    if (by === null) throw error;
    throw new CliError(`Interrupted by ${by}: nothing is left of it.`, { exitCode: exitCodes[by] });
  }
}
