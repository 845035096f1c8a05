import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { encodeBytes, encodeResize, Opcode } from "../../lib/contract/terminal.ts";
import type { Context } from "../context.ts";
import { encodeSignal } from "../engine/frames.ts";
import { execute } from "../operations/execute.ts";
import { type Page, serveTestStreams, type TestStreams } from "../testing/test-streams.ts";
import {
  creation,
  makeTestWorker,
  operation,
  startContainer,
  type TestWorker,
  untilState,
} from "../testing/test-worker.ts";
import { openSessions } from "./open-sessions.ts";
import type { Sessions } from "./sessions.ts";

let worker: TestWorker;
let context: Context;
let sessions: Sessions;
let streams: TestStreams;
let sessionId: string;

beforeAll(async () => {
  worker = await makeTestWorker();
}, 60_000);
afterAll(() => worker?.remove());

beforeEach(async () => {
  context = await worker.restart();
  const services = await openSessions(context);
  sessions = services.sessions;
  streams = await serveTestStreams(context, services);
});
afterEach(async () => {
  await streams.close();
  await worker.clear();
});

async function openPage(id: string, hello: object = {}): Promise<Page> {
  const session = await sessions.open(id, "operator", { cols: 100, rows: 30 });
  return openStream(session.sessionId, { ticket: session.ticket, ...hello });
}

function openStream(id: string, hello: object): Page {
  sessionId = id;
  return streams.open({ sessionId }, hello);
}

const type = (text: string) => encodeBytes(Opcode.input, Buffer.from(text));

describe("a terminal stream", () => {
  it("carries keys, sizes and output, and tells the exit", async () => {
    const page = await openPage(await startContainer(context, "stty -echo; exec sh", { tty: true }));
    expect(await page.json(Opcode.ready)).toMatchObject({ sessionId, tty: true, writable: true });
    page.send(type("stty size\n"));
    await expect.poll(page.text).toContain("30 100");
    page.send(encodeResize(120, 40));
    page.send(type("stty size; exit 3\n"));
    expect(await page.json(Opcode.exit)).toMatchObject({ exitCode: 3, signal: null, reason: "exited" });
    expect(page.text()).toContain("40 120");
    await page.closed;
  });

  it("goes on where a page left, and starts with the ring for a new one", async () => {
    const id = await startContainer(context, "printf 0123456789; read x; printf end");
    const first = await openPage(id);
    await expect.poll(first.text).toBe("0123456789");
    first.socket.destroy();
    const back = await openPage(id, { resumeFrom: 4 });
    const other = await openPage(id);
    await expect.poll(back.text).toBe("456789");
    back.send(type("\n"));
    await Promise.all([back.json(Opcode.exit), other.json(Opcode.exit)]);
    expect([back.text(), other.text()]).toEqual(["456789end", "0123456789end"]);
  });

  it("shows what an ended container printed, and how it ended", async () => {
    const id = await startContainer(context, "echo out; sleep 0.1; echo err >&2; exit 5");
    await untilState(context, id, "exited");
    const page = await openPage(id);
    expect(await page.json(Opcode.ready)).toMatchObject({ tty: false, writable: false, offset: 0 });
    expect(await page.json(Opcode.exit)).toMatchObject({ exitCode: 5, reason: "exited" });
    expect(page.text()).toBe("out\nerr\n");
    expect(page.messages.map(({ opcode }) => opcode)).toContain(Opcode.errorOutput);
    const back = await openPage(id, { resumeFrom: 4 });
    await back.json(Opcode.exit);
    expect(back.text()).toBe("err\n");
  });

  it("shows the last MiB of a long output, with the gap before it, no faster than it is acknowledged", async () => {
    const id = await startContainer(context, "head -c 3000000 /dev/zero | tr '\\0' x");
    await untilState(context, id, "exited");
    const page = await openPage(id, { resumeFrom: 10 });
    await page.json(Opcode.exit);
    const { from, to } = Object(await page.json(Opcode.gap));
    expect(from).toBe(10);
    expect(page.text().length).toBe(3_000_000 - to);
    expect(page.text().length).toBeGreaterThanOrEqual(1024 * 1024);
  });

  it("says that a container was lost when its shim dies", async () => {
    const id = await startContainer(context);
    const page = await openPage(id);
    await page.json(Opcode.ready);
    process.kill(context.records.get(id)?.shim?.pid ?? 0, "SIGKILL");
    expect(await page.json(Opcode.exit)).toMatchObject({ exitCode: null, reason: "shim-died" });
    await page.closed;
  });

  it("waits for a start that is under way", async () => {
    const id = randomUUID();
    await execute(context, creation(id, "echo hello; sleep 60"));
    const begun = new Promise<void>((resolve) => {
      context.events.subscribe(({ action }) => action === "starting" && resolve());
    });
    const starting = execute(context, operation("start", id, {}));
    await begun;
    const page = await openPage(id);
    await expect.poll(page.text).toBe("hello\n");
    await starting;
  });

  it("ends with its session", async () => {
    const page = await openPage(await startContainer(context));
    await page.json(Opcode.ready);
    await sessions.remove(sessions.find(sessionId));
    expect(await page.json(Opcode.problem)).toMatchObject({ code: "session-not-found" });
    await page.closed;
  });
});

describe("a terminal stream refuses", () => {
  it.each([
    ["ticket-required", {}],
    ["ticket-invalid", { ticket: "x" }],
    ["protocol-error", { ticket: 5 }],
  ])("with %s", async (code, hello) => {
    const session = await sessions.open(await startContainer(context), "operator", { cols: 80, rows: 24 });
    const page = openStream(session.sessionId, hello);
    expect(await page.json(Opcode.problem)).toMatchObject({ code });
    await page.closed;
  });

  it("a ticket that was used, and one of another session", async () => {
    const id = await startContainer(context);
    const open = () => sessions.open(id, "operator", { cols: 80, rows: 24 });
    const [one, other] = [await open(), await open()];
    const foreign = openStream(one.sessionId, { ticket: other.ticket });
    expect(await foreign.json(Opcode.problem)).toMatchObject({
      code: "ticket-invalid",
      detail: expect.stringContaining("another session"),
    });
    await openStream(one.sessionId, { ticket: one.ticket }).json(Opcode.ready);
    const again = openStream(one.sessionId, { ticket: one.ticket });
    expect(await again.json(Opcode.problem)).toMatchObject({
      code: "ticket-invalid",
      detail: expect.stringContaining("used before"),
    });
  });

  it("to send signals, which only the worker may", async () => {
    const id = await startContainer(context);
    const page = await openPage(id);
    await page.json(Opcode.ready);
    page.socket.write(encodeSignal(9, "all"));
    expect(await page.json(Opcode.problem)).toMatchObject({ code: "protocol-error" });
    expect(context.records.get(id)?.status.state).toBe("running");
  });

  it("a container that never ran", async () => {
    const id = randomUUID();
    await execute(context, creation(id));
    expect(await (await openPage(id)).json(Opcode.problem)).toMatchObject({ code: "container-not-running" });
  });
});
