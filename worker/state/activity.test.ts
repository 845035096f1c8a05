import { randomUUID } from "node:crypto";
import { expect, it, vi } from "vitest";
import type { OperationSummary } from "../../lib/contract/operation.ts";
import { createActivity } from "./activity.ts";
import { createEvents } from "./events.ts";

function summary(): OperationSummary {
  const now = new Date().toISOString();
  const times = { requestedAt: now, startedAt: now, finishedAt: null };
  const who = { id: randomUUID(), containerId: randomUUID(), containerName: "a", principal: "operator" };
  return { ...who, ...times, verb: "create", generation: 1, state: "running", progress: null, problem: null };
}

it("tells that an operation begins, its progress at most four times a second, and nothing after its end", () => {
  vi.useFakeTimers();
  try {
    const events = createEvents();
    const activity = createActivity(events);
    const told: (number | string)[] = [];
    events.listen((news) => {
      if (news.type === "operation") told.push(news.operation.progress?.done ?? news.operation.state);
    });
    const operation = summary();
    activity.begin(operation);
    for (let done = 1; done <= 100; done += 1) {
      activity.report(operation.id, { step: "copying", done, total: 100, unit: "bytes" });
      vi.advanceTimersByTime(10);
    }
    expect(activity.get(operation.id)?.progress?.done).toBe(100);
    activity.end(operation.id);
    expect(told[0]).toBe("running");
    expect(told.length).toBeGreaterThan(3);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(activity.all()).toEqual([]);
    const before = told.length;
    activity.report(operation.id, { step: "late", done: 1, total: 1, unit: "s" });
    vi.advanceTimersByTime(1000);
    expect(told.length).toBe(before);
  } finally {
    vi.useRealTimers();
  }
});
