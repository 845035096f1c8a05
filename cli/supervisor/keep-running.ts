import { setTimeout as sleep } from "node:timers/promises";
import { within } from "../../lib/within.ts";
import type { Launched, Part } from "./part.ts";
import { endProcess, type ProcessIdentity } from "./process-identity.ts";
import type { PartState } from "./state.ts";

const firstDelay = 200;
const longestDelay = 10_000;
/** A part that ran this long was well: the next failure starts with the shortest delay again. */
const wellAfter = 30_000;

/** How often a part is asked, and how long it may be silent before it is ended and started again, in ms. */
const starting = { every: 50, patience: 120_000 };
const running = { every: 5_000, patience: 30_000 };
const longestCheckMs = 5_000;

export interface Change {
  state: PartState["state"];
  process: ProcessIdentity | null;
  reason: string | null;
}

export interface KeepRunningOptions {
  /** Aborted when the part is to stop. */
  signal: AbortSignal;
  report(change: Change): void;
}

/**
 * Keeps a part running until the signal: starts it, watches it, starts it again when it ended or stopped answering,
 * after 200 ms at first and up to 10 s when it fails again and again. Resolves when the part has been stopped.
 */
export async function keepRunning(part: Part, { signal, report }: KeepRunningOptions): Promise<void> {
  let delay = firstDelay;
  while (!signal.aborted) {
    const startedAt = Date.now();
    const reason = await runOnce(part, signal, report);
    if (signal.aborted) break;
    if (Date.now() - startedAt >= wellAfter) delay = firstDelay;
    report({ state: "waiting", process: null, reason });
    await sleep(delay, undefined, { signal }).catch(() => {});
    delay = Math.min(delay * 2, longestDelay);
  }
  report({ state: "stopped", process: null, reason: null });
}

/** From a start to the end; returns why it ended. */
async function runOnce(part: Part, signal: AbortSignal, report: KeepRunningOptions["report"]): Promise<string> {
  let launched: Launched;
  try {
    launched = await part.launch(signal);
  } catch (error) {
    return words(error);
  }
  const { process, ended } = launched;
  report({ state: "starting", process, reason: null });
  const over = new AbortController();
  const watch = watchOver(part, AbortSignal.any([signal, over.signal]), () =>
    report({ state: "running", process, reason: null }),
  );
  const reason = await Promise.race([ended, watch]);
  over.abort();
  await endProcess(process, part.stopSteps);
  return reason;
}

/** Asks the part again and again; resolves when the signal came or, with the reason, when it was silent too long. */
async function watchOver(part: Part, signal: AbortSignal, onReady: () => void): Promise<string> {
  let answeredAt = Date.now();
  let pace = starting;
  while (!signal.aborted) {
    try {
      await answering(part, signal);
      if (signal.aborted) break;
      if (pace === starting) {
        await part.prepare?.();
        pace = running;
        if (!signal.aborted) onReady();
      }
      answeredAt = Date.now();
    } catch (error) {
      const silence = Date.now() - answeredAt;
      if (silence > pace.patience) return `no answer for ${Math.round(silence / 1000)} s: ${words(error)}`;
    }
    await sleep(pace.every, undefined, { signal }).catch(() => {});
  }
  return "stopped";
}

/** Rejects when the part does not answer its check in time: one that is frozen never does. Resolves at once on the signal. */
async function answering(part: Part, signal: AbortSignal): Promise<void> {
  const answered = part.check().then(() => true);
  if ((await within(answered, longestCheckMs, signal)) || signal.aborted) return;
  throw new Error(`it does not answer within ${longestCheckMs / 1000} s`);
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error));
