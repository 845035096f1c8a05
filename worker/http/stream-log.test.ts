import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LogQuery, LogRecord, MergedLogQuery } from "../../lib/contract/log.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { createLogWriter } from "../logs/testing/write-log.ts";
import type { ContainerRecord } from "../state/record.ts";
import { streamLog, streamMergedLog } from "./stream-log.ts";

let folder: string;
let server: Server;
let log: ReturnType<typeof createLogWriter>;
let state: string;

/** What of a context and a record matters to a log. */
const record = { id: "c1", spec: { name: "web" } } as ContainerRecord;
const context = {
  records: { folder: () => folder, get: () => ({ status: { state } }) },
} as unknown as Context;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-stream-"));
  log = createLogWriter(folder);
  state = "exited";
  const stopping = new AbortController().signal;
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://worker");
    const query = Object.fromEntries(url.searchParams);
    const call = { request, response, params: {}, query: url.searchParams, body: undefined };
    const answer =
      url.pathname === "/merged"
        ? streamMergedLog(context, [record], MergedLogQuery.parse(query), call, stopping)
        : streamLog(context, record, LogQuery.parse(query), call, stopping);
    answer.catch((error) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(error instanceof ProblemError ? error.problem.status : 500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function get(path: string, accept = "*/*") {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept } });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

it("gives bytes as they are, lines behind their time, and lines of JSON", async () => {
  await log.write("one\ntwo\n", 1, 1_767_225_600_000_000_000n);
  expect(await get("/")).toEqual({ status: 200, type: "text/plain; charset=utf-8", text: "one\ntwo\n" });
  expect((await get("/?timestamps=true&tail=1")).text).toBe("2026-01-01T00:00:00.000000000Z two\n");
  const { type, text } = await get("/?after=4", "application/x-ndjson");
  expect(type).toBe("application/x-ndjson");
  expect(LogRecord.parse(JSON.parse(text))).toMatchObject({ offset: 4, next: 8, text: "two\n" });
});

it("follows as events until the container ends, and says so", async () => {
  await log.write("one\n");
  state = "running";
  const following = get("/?follow=true&tail=1");
  setTimeout(async () => {
    await log.write("two\n");
    state = "exited";
  }, 300);
  const { type, text } = await following;
  expect(type).toBe("text/event-stream; charset=utf-8");
  expect([...text.matchAll(/^(id|event): (.*)$/gm)].map(([line]) => line)).toEqual(["id: 4", "id: 8", "event: end"]);
});

it("ends at once for a container that does not run", async () => {
  expect((await get("/?follow=true")).text).toMatch(/event: end\ndata: null\n\n$/);
});

it("searches, and answers with the problem when the expression is none, or too slow", async () => {
  await log.write(`GET /a\nPOST /b\n${"a".repeat(60)}!\n`);
  expect((await get("/?grep=post&ignoreCase=true")).text).toBe("POST /b\n");
  const { text } = await get("/?grep=GET", "application/x-ndjson");
  expect(JSON.parse(text)).toMatchObject({ text: "GET /a\n", matches: [[0, 3]] });
  expect((await get("/?grep=(")).status).toBe(422);
  const slow = encodeURIComponent("^(a+)+$");
  expect(await get(`/?grep=${slow}`)).toMatchObject({ status: 422, text: expect.stringContaining("too slow") });
});

it("says in the stream why a search that follows has broken off", async () => {
  await log.write(`${"a".repeat(60)}!\n`);
  state = "running";
  const { status, text } = await get(`/?follow=true&grep=${encodeURIComponent("^(a+)+$")}`);
  expect(status).toBe(200);
  expect(text).toMatch(/event: problem\ndata: .*pattern-too-slow/);
});

it("names the container of each line of a merged log", async () => {
  await log.write("one\n", 1, 1_767_225_600_000_000_000n);
  expect((await get("/merged?containers=web")).text).toBe("web | one\n");
  expect((await get("/merged?containers=web&follow=true")).text).toContain(
    "id: 2026-01-01T00:00:00.000000000Z\ndata: {",
  );
});

it("takes no more of a large log than its reader, and lets go when that one leaves", async () => {
  const block = "x".repeat(60_000);
  for (let count = 0; count < 400; count += 1) await log.write(block);
  const { port } = server.address() as AddressInfo;
  const connected = once(server, "connection");
  const leave = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal: leave.signal });
  const reader = response.body?.getReader();
  await reader?.read();
  const [socket] = (await connected) as [Socket];
  await new Promise((resolve) => setTimeout(resolve, 300));
  // What was written, and waits in the kernel or in the reader: of 24 MB.
  expect(socket.bytesWritten).toBeLessThan(12_000_000);
  leave.abort();
  const connections = () => new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
  await expect.poll(connections, { timeout: 10_000 }).toBe(0);
});
