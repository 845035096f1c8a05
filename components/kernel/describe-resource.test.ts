import { expect, it } from "vitest";
import type { ControlResource, KernelView } from "@/lib/contract/kernel.ts";
import { describeUse, eventsOf } from "./describe-resource.ts";

const resource = (change: Partial<ControlResource>): ControlResource => ({
  name: "memory",
  use: null,
  limit: null,
  peak: null,
  pressure: null,
  counts: {},
  files: [],
  ...change,
});
const reading = (second: number, cpu: ControlResource) =>
  ({ pid: 7, at: new Date(second * 1000).toISOString(), controlGroup: { resources: [cpu] } }) as unknown as KernelView;

it("says how much of a limit is in use, and what is not known", () => {
  const now = reading(1, resource({ name: "cpu" }));
  const memory = describeUse(resource({ use: 2 ** 20, limit: 2 ** 22, peak: 2 ** 21 }), now, null);
  expect(memory).toEqual({ text: "1 MiB", of: "of 4 MiB, peak 2 MiB", share: 0.25 });
  expect(describeUse(resource({ use: 4096 }), now, null)).toEqual({ text: "4 KiB", of: "no limit", share: null });
  expect(describeUse(resource({ name: "pids" }), now, null).text).toBe("–");
});

it("tells the CPU's use from two readings of one run", () => {
  const cpu = (use: number) => resource({ name: "cpu", use, limit: 5e8 });
  const [first, second] = [reading(10, cpu(1e9)), reading(12, cpu(1.5e9))];
  expect(describeUse(cpu(1.5e9), second, first)).toEqual({
    text: "25 %",
    of: "of 0.5 cores, 1.50 s in all",
    share: 0.5,
  });
  expect(describeUse(cpu(1.5e9), second, null).text).toBe("–");
  expect(describeUse(cpu(1.5e9), second, { ...first, pid: 8 }).text).toBe("–");
});

it("shows events that the kernel counts, and marks those that hurt", () => {
  expect(eventsOf(resource({ counts: { oomKills: 2, limitHits: 0 } }))).toEqual([
    { label: "OOM kills", value: "2", grave: true },
    { label: "limit reached", value: "0", grave: false },
  ]);
  expect(eventsOf(resource({ name: "cpu", counts: { throttledPeriods: 3, periods: 1000 } }))).toEqual([
    { label: "throttled", value: "3 of 1000 periods", grave: false },
  ]);
});
