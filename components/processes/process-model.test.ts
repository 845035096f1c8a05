import { expect, it } from "vitest";
import type { ProcessInfo } from "@/lib/contract/stats.ts";
import { describeProcessState, flat, tree, withShares } from "./process-model.ts";

const process = (pid: number, parentPid: number, change: Partial<ProcessInfo> = {}): ProcessInfo => ({
  pid,
  hostPid: 1000 + pid,
  parentPid,
  uid: 0,
  user: "root",
  state: "S",
  name: `p${pid}`,
  command: [`/bin/p${pid}`],
  threads: 1,
  cpuSeconds: 0,
  memoryBytes: pid * 100,
  startedAt: "2026-01-01T00:00:00.000Z",
  ...change,
});
const list = (second: number, items: ProcessInfo[]) => ({
  at: new Date(second * 1000).toISOString(),
  total: items.length,
  items,
});

it("tells shares of CPU from two lists, and none for a pid that came again", () => {
  const before = list(10, [process(1, 0, { cpuSeconds: 4 }), process(2, 1, { cpuSeconds: 9 })]);
  const reused = process(2, 1, { cpuSeconds: 1, startedAt: "2026-01-01T00:00:11.000Z" });
  const after = withShares(list(12, [process(1, 0, { cpuSeconds: 5 }), reused]), before);
  expect(after.map(({ cpuPercent }) => cpuPercent)).toEqual([50, null]);
  expect(withShares(before, null)[0]?.cpuPercent).toBeNull();
});

it("puts processes below their parents, and loses none whose parent is missing or a ring", () => {
  const items = [process(1, 0), process(7, 1), process(3, 7), process(9, 77), process(20, 21), process(21, 20)];
  const rows = tree(withShares(list(1, items), null), "pid");
  expect(rows.map(({ process: { pid }, depth }) => [pid, depth])).toEqual([
    [1, 0],
    [7, 1],
    [3, 2],
    [9, 0],
    [20, 0],
    [21, 1],
  ]);
});

it("sorts", () => {
  const rows = flat(withShares(list(1, [process(1, 0), process(2, 1)]), null), "memory");
  expect(rows.map(({ process: { pid } }) => pid)).toEqual([2, 1]);
  expect(describeProcessState("Z")).toMatch(/Ended/);
});
