import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ContainerSpec, type ContainerState } from "../../lib/contract/container.ts";
import { newRecord } from "../state/record.ts";
import { decide, type Found } from "./decide.ts";

const thisBoot = "boot-2";
const pidFile = { pid: 10, startTime: "1", shimPid: 9, shimStartTime: "1", bootId: thisBoot };
const exit = {
  exitCode: 0,
  signal: null,
  reason: "exited",
  oomKills: 0,
  finishedAt: "2026-01-01T00:00:00.000Z",
  offset: 0,
} as const;
const nothing: Found = { pidFile: null, exit: null, shimAlive: false };

function decideFor(state: ContainerState, found: Partial<Found>, bootId = thisBoot) {
  const spec = ContainerSpec.parse({ name: "a", command: ["true"] });
  const record = newRecord(randomUUID(), "node", spec, "2026-01-01T00:00:00.000Z");
  const status = { ...record.status, state };
  return decide({ ...record, bootId, status }, { ...nothing, ...found }, thisBoot);
}

describe("decide", () => {
  it.each(["created", "exited", "lost"] as const)("leaves one that is %s", (state) => {
    expect(decideFor(state, {})).toEqual({ kind: "settled" });
  });

  it.each(["starting", "running", "stopping"] as const)("watches one that was %s and whose shim lives", (state) => {
    expect(decideFor(state, { pidFile, shimAlive: true })).toEqual({ kind: "running", pidFile });
  });

  it.each(["starting", "running", "stopping"] as const)("takes the exit status of one that was %s", (state) => {
    expect(decideFor(state, { pidFile, exit })).toEqual({ kind: "exited", exit });
  });

  it("calls one lost whose shim is gone without an exit status", () => {
    expect(decideFor("running", { pidFile })).toEqual({ kind: "lost", reason: "shim-died" });
  });

  it("does not take another boot's pid for its own", () => {
    expect(decideFor("running", { pidFile, shimAlive: true }, "boot-1")).toEqual({
      kind: "lost",
      reason: "host-rebooted",
    });
  });

  it("sees that a start never came to the program", () => {
    expect(decideFor("starting", {})).toEqual({ kind: "not-started" });
    expect(decideFor("starting", {}, "boot-1")).toEqual({ kind: "not-started" });
  });
});
