import { describe, expect, it } from "vitest";
import type { Container } from "@/lib/contract/container.ts";
import { exampleContainer } from "@/server/testing/example-container.ts";
import { describeEnding, describeSince, describeState } from "./describe.ts";

const exited = (change: Partial<Container>) =>
  exampleContainer({ state: "exited", exitCode: 0, reason: "exited", ...change });

describe("describeState", () => {
  it("tells a good end from a bad one", () => {
    expect(describeState(exited({}))).toEqual({ label: "Exited", tone: "idle" });
    expect(describeState(exited({ exitCode: 3 }))).toEqual({ label: "Exited (3)", tone: "bad" });
    expect(describeState(exited({ exitCode: 137, reason: "out-of-memory" })).label).toBe("Out of memory");
  });
});

describe("describeEnding", () => {
  it("says out of memory with the limit", () => {
    const ending = describeEnding(exited({ exitCode: 137, reason: "out-of-memory", oomKills: 1 }));
    expect(ending?.detail).toBe("It needed more than its limit of 64 MiB; the kernel killed a process of it.");
  });

  it("has something to say for every reason, and nothing while it runs", () => {
    for (const reason of ["signaled", "shim-died", "host-rebooted"] as const) {
      expect(describeEnding(exited({ reason, signal: "SIGKILL" }))?.title).toBeTruthy();
    }
    expect(describeEnding(exited({ reason: null, exitCode: null }))?.title).toBe("Ended");
    expect(describeEnding(exampleContainer({ state: "running" }))).toBeNull();
  });
});

describe("describeSince", () => {
  it("counts from what the state is about", () => {
    const now = Date.parse("2026-01-01T01:00:00Z");
    const startedAt = "2026-01-01T00:30:00.000Z";
    expect(describeSince(exampleContainer({ state: "running", startedAt }), now)).toBe("up 30 min");
    expect(describeSince(exited({ finishedAt: "2026-01-01T00:59:55.000Z" }), now)).toBe("5 s ago");
    expect(describeSince(exampleContainer(), now)).toBe("created 1 h ago");
  });
});
