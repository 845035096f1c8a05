import { expect, it } from "vitest";
import type { Trace, TraceStep } from "./trace.ts";
import { compareTraces } from "./trace-compare.ts";

const step = (name: string, given = ""): TraceStep => ({
  ...{ name, side: "child", call: "mount", arguments: given, setting: null },
  ...{ startNs: 0, durationNs: 1, errno: 0, errnoName: null },
});
const trace = (...steps: TraceStep[]): Trace => ({ version: 1, startedAt: "2026-01-01T00:00:00Z", totalNs: 9, steps });
const pairs = (before: Trace, after: Trace) =>
  compareTraces(before, after).map((pair) => [pair.before?.name, pair.after?.name, pair.differs]);

it("matches steps by name, and the second of a name with the second", () => {
  const one = trace(step("a"), step("b", "1"), step("b", "2"));
  expect(pairs(one, one)).toEqual([
    ["a", "a", false],
    ["b", "b", false],
    ["b", "b", false],
  ]);
});

it("marks what was given something else, what is new and what is gone, each where it stood", () => {
  const before = trace(step("first"), step("a"), step("gone"), step("limit", "1"), step("last"));
  const after = trace(step("a"), step("limit", "2"), step("new"));
  expect(pairs(before, after)).toEqual([
    ["first", undefined, true],
    ["a", "a", false],
    ["gone", undefined, true],
    ["limit", "limit", true],
    ["last", undefined, true],
    [undefined, "new", true],
  ]);
});
