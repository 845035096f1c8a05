import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CreateSession, type CreateSessionInput } from "../../lib/contract/session.ts";
import { encodeBytes, encodeEndOfInput, encodeResize, Opcode } from "../../lib/contract/terminal.ts";
import type { Context } from "../context.ts";
import { execute } from "../operations/execute.ts";
import { type Page, serveTestStreams, type TestStreams } from "../testing/test-streams.ts";
import { makeTestWorker, operation, startContainer, type TestWorker, untilState } from "../testing/test-worker.ts";
import type { ExecOptions } from "./exec-process.ts";
import { openSessions, type TerminalServices } from "./open-sessions.ts";
import type { ExecSession } from "./stored-session.ts";

let worker: TestWorker;
let context: Context;
let services: TerminalServices;
let streams: TestStreams;
let id: string;

beforeAll(async () => {
  worker = await makeTestWorker();
}, 60_000);
afterAll(() => worker?.remove());

/** A worker like the one before, after its death. */
async function restart(): Promise<void> {
  await streams?.close();
  context = await worker.restart();
  services = await openSessions(context);
  streams = await serveTestStreams(context, services);
}

beforeEach(async () => {
  await restart();
  id = await startContainer(context);
});
afterEach(async () => {
  await worker.clear();
  await restart();
  // What shims leave in RUN goes with them.
  const run = join(context.config.run, "sessions");
  await expect.poll(() => readdir(run), { timeout: 10_000 }).toEqual([]);
  await streams.close();
});

type Asked = Partial<Extract<CreateSessionInput, { mode: "exec" }>>;

function optionsOf(asked: Asked): ExecOptions {
  const options = CreateSession.parse({ mode: "exec", ...asked });
  if (options.mode !== "exec") throw new Error("not an exec");
  return options;
}

function start(asked: Asked): Promise<ExecSession> {
  const record = context.records.get(id);
  if (!record) throw new Error("no container");
  return services.execs.start(record, "operator", optionsOf(asked));
}

async function openPage(session: ExecSession, options: { readOnly?: boolean } = {}): Promise<Page> {
  const { sessionId, ticket } = await services.sessions.ticket(services.sessions.find(session.id), options);
  return streams.open({ sessionId }, { ticket });
}

const type = (text: string) => encodeBytes(Opcode.input, Buffer.from(text));
const stored = (session: ExecSession) => {
  const now = services.sessions.find(session.id);
  return now.mode === "exec" ? now.end : null;
};
const untilOver = (session: ExecSession) => expect.poll(() => stored(session), { timeout: 10_000 }).not.toBeNull();

describe("a command in a container", () => {
  it("has a terminal that carries keys, sizes and the exit", async () => {
    const session = await start({ cols: 100, rows: 30 });
    expect(session.command).toEqual(["/bin/bash"]);
    const page = await openPage(session);
    expect(await page.json(Opcode.ready)).toMatchObject({
      sessionId: session.id,
      tty: true,
      writable: true,
      cols: 100,
    });
    page.send(type("stty size; cat /proc/1/cmdline | tr '\\0' ' '\n"));
    await expect.poll(page.text, { timeout: 10_000 }).toMatch(/30 100\r\n\/bin\/sh -c/);
    page.send(encodeResize(120, 40));
    page.send(type("stty size; exit 3\n"));
    expect(await page.json(Opcode.exit)).toMatchObject({ exitCode: 3, signal: null, reason: "exited" });
    expect(page.text()).toContain("40 120");
    await untilOver(session);
    expect(stored(session)).toMatchObject({ exitCode: 3, reason: "exited" });
  });

  it("takes its environment, folder and user from what is asked for, and the rest from the container", async () => {
    const session = await start({
      command: ["sh", "-c", 'id -u; id -g; pwd; echo "$HOME $A $HOSTNAME"; cat; cat /proc/self/status'],
      env: { A: "b=c" },
      workingDir: "/tmp",
      user: "nobody",
      tty: false,
    });
    const page = await openPage(session);
    page.send(type("typed\n"));
    page.send(encodeEndOfInput());
    await page.json(Opcode.exit);
    const name = context.records.get(id)?.spec.name;
    expect(page.text()).toMatch(new RegExp(`^65534\n65534\n/tmp\n/\\S* b=c ${name}\ntyped\n`));
    expect(page.text()).toMatch(/CapEff:\s+0{16}\n/);
    expect(page.text()).toMatch(/CapPrm:\s+0{16}\n/);
    expect(page.text()).toMatch(/NoNewPrivs:\s+1\n/);
  });

  it("shows what it printed when it has ended, after a restart of the worker too", async () => {
    const session = await start({ command: ["sh", "-c", "echo out; exit 5"], tty: false });
    await untilOver(session);
    await restart();
    const page = await openPage(session);
    expect(await page.json(Opcode.ready)).toMatchObject({ writable: false });
    expect(await page.json(Opcode.exit)).toMatchObject({ exitCode: 5, reason: "exited" });
    expect(page.text()).toBe("out\n");
  });

  it("goes on when the worker is killed, and its end is heard by the next one", async () => {
    const session = await start({ command: ["sh", "-c", "read x; echo got-$x; exit 6"] });
    await worker.die();
    await restart();
    const page = await openPage(session);
    page.send(type("it\n"));
    expect(await page.json(Opcode.exit)).toMatchObject({ exitCode: 6 });
    expect(page.text()).toContain("got-it");
    await untilOver(session);
  });

  it("that ended while no worker was there is known by the next one", async () => {
    const session = await start({ command: ["sh", "-c", "sleep 0.3; exit 4"], tty: false });
    await worker.die();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await restart();
    await untilOver(session);
    expect(stored(session)).toMatchObject({ exitCode: 4 });
  });

  it("is lost with its shim, and dies with it", async () => {
    const session = await start({ command: ["sleep", "1000"] });
    const page = await openPage(session);
    await page.json(Opcode.ready);
    process.kill(session.shim?.pid ?? 0, "SIGKILL");
    expect(await page.json(Opcode.exit)).toMatchObject({ exitCode: null, reason: "shim-died" });
    // The host's init, whose child it became, takes its time.
    const pid = session.process?.pid ?? 0;
    await expect.poll(() => context.addon.processStartTime(pid), { timeout: 10_000 }).toBeNull();
    expect(context.records.get(id)?.status.state).toBe("running");
  });

  it("ends with its container", async () => {
    const session = await start({ command: ["sleep", "1000"] });
    const page = await openPage(session);
    await page.json(Opcode.ready);
    await execute(context, operation("kill", id, { signal: "SIGKILL" }));
    expect(await page.json(Opcode.exit)).toMatchObject({ exitCode: 137, signal: "SIGKILL" });
    await untilState(context, id, "exited");
    await untilOver(session);
  });

  it.each([
    ["at a terminal", { tty: true, command: ["sleep", "1000"] }, "SIGHUP"],
    ["with pipes", { tty: false, command: ["sleep", "1000"] }, "SIGHUP"],
    ["that ignores it", { tty: true, command: ["sh", "-c", "trap '' HUP; while :; do sleep 0.1; done"] }, "SIGKILL"],
  ])("%s is hung up, and killed when that does not end it", async (_, asked, signal) => {
    const session = await start(asked);
    await services.execs.hangUp(session);
    await untilOver(session);
    expect(stored(session)).toMatchObject({ signal });
  });

  it("is watched by a read-only ticket, which can neither type nor change the size", async () => {
    const session = await start({ command: ["sh"], cols: 90, rows: 20 });
    const page = await openPage(session);
    await page.json(Opcode.ready);
    const watcher = await openPage(session, { readOnly: true });
    expect(await watcher.json(Opcode.ready)).toMatchObject({ writable: false, cols: 90, rows: 20 });
    watcher.send(encodeResize(50, 10));
    watcher.send(type("echo never\n"));
    watcher.send(encodeEndOfInput());
    page.send(type("stty size; echo done\n"));
    await expect.poll(watcher.text, { timeout: 10_000 }).toContain("20 90\r\ndone");
    expect(page.text()).not.toContain("never");
  });

  it("is watched by a share, by whoever has it, until that ends", async () => {
    const session = await start({ command: ["sh"] });
    const { code } = await services.shares.create(session.id, 10);
    const share = services.shares.find(code);
    const { sessionId, ticket } = await services.sessions.ticket(services.sessions.find(share.session), {
      share: share.id,
    });
    const page = streams.open({ sessionId, principal: null }, { ticket });
    expect(await page.json(Opcode.ready)).toMatchObject({ writable: false });
    await services.shares.end(session.id);
    expect(await page.json(Opcode.problem)).toMatchObject({ code: "share-not-found" });
    await page.closed;
    expect(stored(session)).toBeNull();
  });

  it("keeps the output of the last twenty that ended", async () => {
    for (let i = 0; i < 22; i += 1) await untilOver(await start({ command: ["true"], tty: false }));
    await expect.poll(() => services.sessions.of(id).length).toBe(20);
    const folder = join(context.records.folder(id), "sessions");
    await expect.poll(async () => (await readdir(folder)).length).toBe(20);
  });
});

describe("a command is not started", () => {
  const refusal = (asked: Asked) => start(asked).catch((error) => error.problem);

  it.each([
    [{ command: ["no-such-program"] }, "command-not-found"],
    [{ command: ["/etc/passwd"] }, "command-not-executable"],
    [{ command: ["true"], user: "no-such-user" }, "user-not-found"],
    [{ command: ["true"], workingDir: "/no/such" }, "start-failed"],
  ])("%j: %s, and nothing is left of it", async (asked, code) => {
    expect(await refusal(asked)).toMatchObject({ code, remedy: expect.any(String) });
    expect(services.sessions.of(id)).toEqual([]);
    expect(await readdir(join(context.records.folder(id), "sessions")).catch(() => [])).toEqual([]);
  });

  it("in a paused container", async () => {
    await execute(context, operation("pause", id, {}));
    expect(await refusal({})).toMatchObject({ code: "container-paused" });
    await execute(context, operation("resume", id, {}));
    expect((await start({})).end).toBeNull();
  });

  it("in one that does not run", async () => {
    await execute(context, operation("kill", id, { signal: "SIGKILL" }));
    expect(await refusal({})).toMatchObject({ code: "container-not-running" });
  });
});
