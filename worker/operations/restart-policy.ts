import type { ContainerRecord, Status } from "../state/record.ts";
import type { Change } from "./commit.ts";
import { beforeStart } from "./start.ts";

/** Milliseconds: the first wait, the longest, and how long a run must last for the next wait to be short again. */
const firstWait = 100;
const longestWait = 60_000;
const calmRun = 10_000;

/**
 * The change that a run's end makes: the container has ended, or it waits for the start that its restart policy plans.
 * `end` is the status after the end, `action` what happened.
 */
export function endOfRun(record: ContainerRecord, end: Partial<Status>, action: "exited" | "lost"): Change {
  const status = { ...record.status, ...end };
  if (record.endWanted || !wantsRestart(record, status)) return { status: end, action };
  const lasted = Date.parse(status.finishedAt ?? "") - Date.parse(status.startedAt ?? "");
  const quickEnds = lasted >= calmRun ? 0 : record.quickEnds;
  return { ...planStart(quickEnds, end), action: "restarting" };
}

/** The change after a start by the policy that did not come to pass: another attempt, later, or none any more. */
export function endOfAttempt(record: ContainerRecord, change: Change, isCounted: boolean): Change {
  const restartCount = record.status.restartCount + (isCounted ? 0 : 1);
  const failed = { ...record, status: { ...record.status, restartCount } };
  const status = { state: beforeStart(record), ...change.status, restartCount, nextStartAt: null };
  if (!wantsRestart(failed, { exitCode: null, reason: null })) return { ...change, status };
  const plan = planStart(record.quickEnds, status);
  return { ...change, ...plan, fields: { ...change.fields, ...plan.fields } };
}

function planStart(quickEnds: number, status: Partial<Status>): Change {
  const wait = Math.min(firstWait * 2 ** quickEnds, longestWait);
  const nextStartAt = new Date(Date.now() + wait).toISOString();
  return { fields: { quickEnds: quickEnds + 1 }, status: { ...status, state: "restarting", nextStartAt } };
}

/** Whether the policy starts it again after an end like this; after the host's reboot, `always` alone does. */
function wantsRestart({ spec, status }: ContainerRecord, end: Pick<Status, "exitCode" | "reason">): boolean {
  if (spec.restart === "always") return true;
  const onFailure = /^on-failure(?::(\d+))?$/.exec(spec.restart);
  if (!onFailure || end.exitCode === 0 || end.reason === "host-rebooted") return false;
  const [, limit] = onFailure;
  return limit === undefined || status.restartCount < Number(limit);
}
