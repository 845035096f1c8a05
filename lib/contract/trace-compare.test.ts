import { expect, it } from "vitest";
import type { Trace, TraceStep } from "./trace.ts";
import { changedSettings, changedShape, compareTraces } from "./trace-compare.ts";

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

it("names each setting that differs once, with what it was given before and now", () => {
  const limit = (name: string, given: string) => ({ ...step(name, given), setting: "/linux/resources/memory/limit" });
  const bind = (target: string) => ({ ...step(`mount ${target}`, "ro"), setting: "/mounts/7" });
  const filter = (given: string) => ({ ...step("seccomp profile", given), setting: "/linux/seccomp" });
  const before = trace(
    filter("compiled"),
    limit("memory limit", "64"),
    limit("swap limit", "64"),
    step("private", "1"),
  );
  const after = trace(filter("cached"), limit("memory limit", "48"), limit("swap limit", "48"), bind("/data"));
  expect(changedSettings(compareTraces(before, after), [{ target: "/data" }])).toEqual([
    {
      setting: "limits.memoryBytes",
      pointer: "/linux/resources/memory/limit",
      before: "64",
      after: "48",
    },
    { setting: "binds", pointer: "/mounts/7", before: null, after: "ro" },
  ]);
});

it("tells how much longer each part took, without what waits", () => {
  const lasting = (name: string, ns: number) => ({ ...step(name), durationNs: ns });
  const before = trace(lasting("pivot_root", 5), lasting("gate", 90), lasting("clone", 7));
  const after = trace(lasting("pivot_root", 9), lasting("gate", 10), lasting("exec", 2));
  expect(changedShape(before, after)).toEqual([
    { group: "namespaces", ns: -7 },
    { group: "mounts", ns: 4 },
    { group: "exec", ns: 2 },
  ]);
});
