import { expect, it } from "vitest";
import type { StatsSample } from "@/lib/contract/stats.ts";
import { advanceFleet, type Fleet, sortFleet, totalOf } from "./fleet.ts";
import { exampleSample } from "./testing/example-sample.ts";

const sample = (containerId: string, second: number, change: Partial<StatsSample> = {}) =>
  exampleSample({ containerId, name: `c-${containerId}`, at: new Date(second * 1000).toISOString(), ...change });
const io = (readBytes: number) => ({ readBytes, writeBytes: null, readOperations: 0, writeOperations: 0 });
const rows = (fleet: Fleet) => [...fleet.values()].map(({ row }) => row);

it("remembers each container's last minute, counts rates, and forgets who has ended", () => {
  let fleet: Fleet = new Map();
  for (let second = 0; second < 70; second++) {
    fleet = advanceFleet(fleet, [
      sample("a", second, { io: io(second * 100) }),
      sample("b", second, { network: null }),
    ]);
  }
  const [a, b] = rows(fleet);
  expect([a?.cpuHistory.length, a?.diskRate, b?.networkRate]).toEqual([60, 100, null]);
  expect(rows(advanceFleet(fleet, [sample("a", 70, { io: io(0) })]))).toMatchObject([{ id: "a", diskRate: null }]);
});

it("takes a sample that it has worked in already for what it is", () => {
  const one = sample("a", 1);
  const fleet = advanceFleet(new Map(), [one]);
  expect(advanceFleet(fleet, [one]).get("a")).toBe(fleet.get("a"));
});

it("sorts with the most first, and sums up", () => {
  const pids = (current: number) => ({ pids: { current, limit: null } });
  const fleet = advanceFleet(new Map(), [sample("a", 1, pids(1)), sample("c", 1, pids(5)), sample("b", 1, pids(5))]);
  expect(sortFleet(rows(fleet), "pids").map(({ id }) => id)).toEqual(["b", "c", "a"]);
  expect(totalOf(rows(fleet))).toMatchObject({ pids: 11, cpuPercent: 36 });
});
