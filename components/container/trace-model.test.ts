import { describe, expect, it } from "vitest";
import { type Problem, problem } from "@/lib/contract/problem.ts";
import type { TraceStep } from "@/lib/contract/trace.ts";
import { everything, failedRow, filterRows, pan, place, rowsOf, ticks, zoom } from "./trace-model.ts";

const step = (name: string, part: Partial<TraceStep> = {}): TraceStep => ({
  ...{ name, side: "child", call: "move_mount", arguments: "", setting: null },
  ...{ startNs: 0, durationNs: 10, errno: 0, errnoName: null },
  ...part,
});
const steps = [
  step("memory limit", { side: "host", call: "write", setting: "/linux/resources/memory/limit", durationNs: 90 }),
  step("mount /data", { arguments: "/srv/data → /data", startNs: 100 }),
  step("mount /proc", { startNs: 200 }),
  step("exec", { call: "execve", setting: "/process/args", errno: 2, errnoName: "ENOENT", startNs: 300 }),
];
const trace = { version: 1 as const, startedAt: "2026-01-01T00:00:00Z", totalNs: 1000, steps };
const rows = rowsOf(trace, { binds: [{ source: "/srv/data", target: "/data", readOnly: true }] });
const names = (filter: Partial<typeof everything>) =>
  filterRows(rows, { ...everything, ...filter }, 1000).map((row) => row.step.name);

describe("the rows of a trace", () => {
  it("know their setting: a bind of the container, but no mount that every one has", () => {
    expect(rows.map(({ setting }) => setting)).toEqual(["limits.memoryBytes", "binds", null, "command"]);
  });

  it("are found by every word, in whatever is said of them", () => {
    expect(names({ words: "MOUNT data" })).toEqual(["mount /data"]);
    expect(names({ words: "enoent" })).toEqual(["exec"]);
    expect(names({ words: "pid namespace" })).toEqual(["mount /proc"]);
  });

  it("are narrowed by group, side, setting, length and outcome", () => {
    expect(names({ group: "mounts" })).toEqual(["mount /data", "mount /proc"]);
    expect(names({ side: "host" })).toEqual(["memory limit"]);
    expect(names({ setting: "binds" })).toEqual(["mount /data"]);
    expect(names({ only: "slow" })).toEqual(["memory limit"]);
    expect(names({ only: "failed" })).toEqual(["exec"]);
  });
});

describe("what failed", () => {
  const late = (code: Problem["code"], cause?: Problem["cause"]) => problem(code, "", "", cause ? { cause } : {});
  const fine = rows.slice(0, 3);

  it("is the step with an errno", () => expect(failedRow(rows, null)?.number).toBe(4));
  it("is the child's where the host's, which waits for it, began later", () => {
    const [last] = rows.slice(-1).map((row) => ({ ...row, number: 5, step: { ...row.step, side: "host" as const } }));
    expect(failedRow([...rows, ...(last ? [last] : [])], null)?.number).toBe(4);
  });
  it("is none where nothing did", () => expect(failedRow(fine, null)).toBeUndefined());
  it("is the step that a later end comes from", () => {
    expect(failedRow(fine, late("out-of-memory"))?.step.name).toBe("memory limit");
    const cause = { step: "mount /proc", call: "openat", subject: "x", errno: 2, errnoName: "ENOENT" };
    expect(failedRow(fine, late("library-not-found", cause))?.step.name).toBe("mount /proc");
  });
});

describe("the span that is drawn", () => {
  it("keeps what is under the pointer where it is", () => {
    expect(zoom({ from: 0, to: 100_000 }, 0.5, 25_000, 100_000)).toEqual({ from: 12_500, to: 62_500 });
  });
  it("never leaves the start, nor shrinks to nothing", () => {
    expect(zoom({ from: 50_000, to: 100_000 }, 4, 100_000, 100_000)).toEqual({ from: 0, to: 100_000 });
    expect(zoom({ from: 0, to: 4_000 }, 0.01, 0, 100_000)).toEqual({ from: 0, to: 2_000 });
    expect(pan({ from: 80_000, to: 100_000 }, 1, 100_000)).toEqual({ from: 80_000, to: 100_000 });
  });
  it("shows the part of a step that lies in it", () => {
    const span = { from: 100, to: 200 };
    expect(place(step("x", { startNs: 150, durationNs: 25 }), span)).toEqual({ left: 50, width: 25 });
    expect(place(step("x", { startNs: 50, durationNs: 75 }), span)).toEqual({ left: 0, width: 25 });
    expect(place(step("x", { startNs: 300 }), span)).toBeNull();
  });
  it("has a ruler of round moments", () => {
    expect(ticks({ from: 0, to: 2_700_000 })).toEqual([0, 500_000, 1_000_000, 1_500_000, 2_000_000, 2_500_000]);
    expect(ticks({ from: 0, to: 0 })).toEqual([]);
  });
});
