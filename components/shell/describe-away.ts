import type { Health } from "@/lib/contract/health.ts";

/** What is away, a sentence each, with what that means for the one who works; no part twice. */
export function describeAway({ database, worker, reasons }: Health): string[] {
  const away = reasons.filter((reason) => reason.startsWith("the certificate")).map(sentence);
  if (worker.status === "unavailable") {
    away.push("The worker does not answer: containers go on, but none can be started or changed.");
  }
  if (database.status === "unavailable") {
    away.push("The database does not answer: what you do goes to the worker directly, and is written down later.");
  }
  return away.length > 0 ? away : reasons.map(sentence);
}

const sentence = (reason: string) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
