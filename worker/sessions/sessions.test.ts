import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSessions } from "./sessions.ts";
import { createTickets } from "./tickets.ts";

describe("sessions", () => {
  let folder: string;
  const options = { mode: "attach", cols: 80, rows: 24 } as const;
  const open = () => openSessions(folder, createTickets());

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "minirun-test-sessions-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("outlive the worker", async () => {
    const { sessionId } = await (await open()).open(randomUUID(), "alice", options);
    const again = await open();
    expect((await again.find(sessionId)).principal).toBe("alice");
    expect((await again.ticket(sessionId, "alice")).ticket).not.toBe("");
  });

  it("are hidden from other principals", async () => {
    const sessions = await open();
    const { sessionId } = await sessions.open(randomUUID(), "alice", options);
    await expect(sessions.ticket(sessionId, "mallory")).rejects.toThrow(/There is no session/);
    await expect(sessions.end(sessionId, "mallory")).rejects.toThrow(/There is no session/);
  });

  it.each(["../../etc/passwd", "x", randomUUID()])("know nothing of %s", async (id) => {
    await expect((await open()).find(id)).rejects.toThrow(/There is no session/);
  });

  it("end with their streams, by request or with their container", async () => {
    const sessions = await open();
    const container = randomUUID();
    const ended: string[] = [];
    const first = await sessions.open(container, "alice", options);
    const second = await sessions.open(container, "alice", options);
    sessions.onEnd(first.sessionId, () => ended.push("first"));
    sessions.onEnd(second.sessionId, () => ended.push("second"));
    await sessions.end(first.sessionId, "alice");
    expect(ended).toEqual(["first"]);
    await sessions.sweep((id) => id !== container);
    expect(ended).toEqual(["first", "second"]);
    await expect(sessions.find(second.sessionId)).rejects.toThrow(/There is no session/);
  });
});
