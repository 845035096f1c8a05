import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { testAddon } from "../testing/test-addon.ts";
import { createReaders } from "./readers.ts";
import { openSessionStore } from "./session-store.ts";
import { createSessions } from "./sessions.ts";
import type { ExecSession } from "./stored-session.ts";
import { createTickets } from "./tickets.ts";

let folder: string;
const size = { cols: 80, rows: 24 };
const tickets = createTickets();

async function open() {
  const { removeTree, replaceFile } = testAddon;
  const folders = { run: join(folder, "run"), containers: join(folder, "home") };
  const store = await openSessionStore({ ...folders, removeTree, replaceFile });
  return { store, sessions: createSessions(store, tickets, createReaders()) };
}

function execSession(containerId: string): ExecSession {
  return {
    ...{ id: randomUUID(), containerId, principal: "alice", mode: "exec", command: ["sh"], tty: true, ...size },
    ...{ createdAt: new Date().toISOString(), bootId: "b", shim: null, process: null, end: null },
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-sessions-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

describe("sessions", () => {
  it("outlive the worker, of both kinds", async () => {
    const { store, sessions } = await open();
    const container = randomUUID();
    const { sessionId } = await sessions.open(container, "alice", size);
    const exec = execSession(container);
    await store.create(exec);
    const again = await open();
    expect(again.sessions.find(sessionId).principal).toBe("alice");
    expect(again.sessions.find(exec.id)).toEqual(exec);
    expect(again.sessions.of(container)).toHaveLength(2);
    expect((await again.sessions.ticket(again.sessions.find(sessionId))).ticket).not.toBe("");
  });

  it("are hidden from other principals", async () => {
    const { sessions } = await open();
    const { sessionId } = await sessions.open(randomUUID(), "alice", size);
    expect(() => sessions.findOwn(sessionId, "mallory")).toThrow(/There is no session/);
    expect(sessions.findOwn(sessionId, "alice").id).toBe(sessionId);
  });

  it.each(["../../etc/passwd", "x", randomUUID()])("know nothing of %s", async (id) => {
    const { sessions } = await open();
    expect(() => sessions.find(id)).toThrow(/There is no session/);
  });

  it("end with their streams, by request or with their container", async () => {
    const { store, sessions } = await open();
    const container = randomUUID();
    const ended: string[] = [];
    const first = await sessions.open(container, "alice", size);
    const second = await sessions.open(container, "alice", size);
    const third = execSession(container);
    await store.create(third);
    sessions.onEnd(first.sessionId, () => ended.push("first"));
    sessions.onEnd(second.sessionId, () => ended.push("second"));
    sessions.onEnd(third.id, () => ended.push("third"));
    await sessions.remove(sessions.find(first.sessionId));
    expect(ended).toEqual(["first"]);
    await sessions.sweep((id) => id !== container);
    expect(ended).toEqual(["first", "second", "third"]);
    expect(sessions.of(container)).toEqual([]);
    expect(await readdir(join(folder, "run"))).toEqual([]);
    expect(await readdir(join(folder, "home", container, "sessions"))).toEqual([]);
  });

  it("are forgotten when nobody has used them for a day", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { sessions } = await open();
    const container = randomUUID();
    const [unused, used, watched] = [
      await sessions.open(container, "alice", size),
      await sessions.open(container, "alice", size),
      await sessions.open(container, "alice", size),
    ].map(({ sessionId }) => sessionId);
    sessions.onEnd(watched ?? "", () => {});
    vi.setSystemTime(Date.now() + 23 * 3600 * 1000);
    await sessions.ticket(sessions.find(used ?? ""));
    vi.setSystemTime(Date.now() + 2 * 3600 * 1000);
    await sessions.sweep(() => true);
    expect(
      sessions
        .of(container)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([used, watched].sort());
    expect(() => sessions.find(unused ?? "")).toThrow();
  });

  it("are at most 128 for a container, those that are watched aside", async () => {
    const { sessions } = await open();
    const container = randomUUID();
    const first = await sessions.open(container, "alice", size);
    sessions.onEnd(first.sessionId, () => {});
    for (let i = 0; i < 130; i += 1) await sessions.open(container, "alice", size);
    expect(sessions.of(container)).toHaveLength(129);
    expect(sessions.find(first.sessionId).id).toBe(first.sessionId);
  });

  it("leave nothing of a file that can't be read", async () => {
    const exec = join(folder, "home", randomUUID(), "sessions", randomUUID());
    await mkdir(exec, { recursive: true });
    await mkdir(join(folder, "run"));
    await writeFile(join(exec, "session.json"), "{");
    await writeFile(join(folder, "run", `${randomUUID()}.json`), '{"mode":"attach"}');
    await open();
    expect(await readdir(join(exec, ".."))).toEqual([]);
    expect(await readdir(join(folder, "run"))).toEqual([]);
  });
});
