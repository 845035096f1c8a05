import { expect, it } from "vitest";
import type { KernelProcess, KernelView } from "@/lib/contract/kernel.ts";
import { cpuPercentOf, processTree } from "./process-tree.ts";

const process = (hostPid: number, hostParentPid: number, cpuSeconds = 0): KernelProcess => ({
  pid: hostPid - 100,
  hostPid,
  hostParentPid,
  uid: 0,
  state: "S",
  name: "p",
  command: [],
  threads: 1,
  cpuSeconds,
  memoryBytes: 0,
});

it("puts processes below their parents, and loses none whose parents are missing or a ring", () => {
  const items = [process(107, 101), process(101, 5), process(103, 107), process(120, 121), process(121, 120)];
  expect(processTree(items).map(({ process: { hostPid }, depth }) => [hostPid, depth])).toEqual([
    [101, 0],
    [107, 1],
    [103, 2],
    [120, 0],
    [121, 1],
  ]);
});

it("tells the CPU of the time between two readings", () => {
  const reading = (second: number, cpu: number) =>
    ({
      at: new Date(second * 1000).toISOString(),
      processes: { total: 1, items: [process(101, 5, cpu)] },
    }) as KernelView;
  const [first, second] = [reading(10, 4), reading(12, 5)];
  expect(cpuPercentOf(process(101, 5, 5), second, first)).toBe(50);
  expect(cpuPercentOf(process(101, 5, 1), second, first)).toBeNull();
  expect(cpuPercentOf(process(102, 5, 1), second, first)).toBeNull();
});
