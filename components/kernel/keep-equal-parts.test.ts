import { expect, it } from "vitest";
import type { KernelView } from "@/lib/contract/kernel.ts";
import { keepEqualParts } from "./keep-equal-parts.ts";

const reading = (use: number, pid = 7): KernelView => ({
  containerId: "0b0c4e3e-5f0a-4b6e-9a53-2f7d2b1f6a11",
  name: "web",
  at: "2026-01-01T00:00:00.000Z",
  state: "running",
  pid,
  idMaps: { uids: [{ inside: 0, outside: 0, count: 9 }], gids: [], setgroups: true },
  controlGroup: {
    version: 2,
    path: "/a",
    frozen: false,
    resources: [{ name: "memory", use, limit: null, peak: null, pressure: null, counts: {}, files: [] }],
  },
  unread: [],
});

it("keeps the objects of parts that read the same, of one run alone", () => {
  const [first, second] = [reading(1), reading(2)];
  const kept = keepEqualParts(second, first);
  expect(kept.idMaps).toBe(first.idMaps);
  expect(kept.controlGroup).toBe(second.controlGroup);
  expect(keepEqualParts(second, null)).toBe(second);
  expect(keepEqualParts(reading(1, 8), first).idMaps).not.toBe(first.idMaps);
});
