import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { request, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkerResponse } from "../../lib/client/worker.ts";
import { fail } from "../../lib/contract/problem.ts";
import { testAddon } from "../testing/test-addon.ts";
import { refuseSecondWorker } from "./refuse-second.ts";
import { listen, type WorkerRoute } from "./server.ts";

let folder: string;
let socketPath: string;
let server: Server;

const routes: WorkerRoute[] = [
  { method: "POST", pattern: /^\/echo\/(?<ref>[^/]+)$/, handle: ({ params, body }) => ({ ...params, body }) },
  { method: "DELETE", pattern: /^\/gone$/, handle: () => undefined },
  {
    method: "GET",
    pattern: /^\/taken$/,
    handle: () => {
      throw fail("name-taken", "The name is taken", "by another");
    },
  },
  {
    method: "PUT",
    pattern: /^\/refused$/,
    upload: true,
    handle: async ({ request, query }) => {
      const pieces = request.iterator({ destroyOnReturn: false });
      if (query.has("late")) await pieces.next();
      await pieces.return?.();
      throw fail("changed-meanwhile", "It was changed", "as was seen");
    },
  },
  {
    method: "GET",
    pattern: /^\/broken$/,
    handle: () => {
      throw new Error("a secret of the worker's");
    },
  },
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-http-"));
  socketPath = join(folder, "worker.sock");
  const log = pino({ level: "silent" });
  server = await listen({
    socketPath,
    addon: testAddon,
    web: null,
    routes,
    log,
    upgrade: (_, socket) => socket.end(),
  });
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function call(method: string, path: string, body?: string) {
  const sent = request({ socketPath, method, path, agent: false });
  // A body that is too large is refused before all of it was sent.
  sent.on("error", () => {});
  sent.end(body);
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, type: response.headers["content-type"], body: text ? JSON.parse(text) : null };
}

describe("worker.sock", () => {
  it("is open to root and the web user alone", async () => {
    expect((await stat(socketPath)).mode & 0o777).toBe(0o660);
  });

  it("answers JSON, or nothing", async () => {
    expect(await call("POST", "/echo/a?x=1", '{"b":2}')).toMatchObject({
      status: 200,
      body: { ref: "a", body: { b: 2 } },
    });
    expect(await call("DELETE", "/gone")).toMatchObject({ status: 204, body: null });
  });

  it.each([
    ["GET", "/taken", undefined, 409, "name-taken"],
    ["GET", "/nowhere", undefined, 404, "not-found"],
    ["POST", "/echo/a", "{", 400, "invalid-json"],
    ["POST", "/echo/a", `"${"x".repeat(1024 * 1024)}"`, 413, "body-too-large"],
    ["GET", "/broken", undefined, 500, "internal"],
  ])("answers %s %s with a problem", async (method, path, body, status, code) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status, type: "application/problem+json", body: { code } });
    expect(JSON.stringify(answer.body)).not.toContain("secret");
  });

  it.each([
    ["before any of it is read", "/refused", "changed-meanwhile"],
    ["while it is read", "/refused?late=1", "changed-meanwhile"],
    ["to nowhere", "/nowhere", "not-found"],
  ])("refuses an upload %s with its problem, every time", async (_, path, code) => {
    const pieces = Array.from({ length: 256 }, () => Buffer.alloc(65_536));
    for (let times = 0; times < 30; times += 1) {
      const upload = Readable.from(pieces);
      const refused = openWorkerResponse(socketPath, { method: "PUT", path, upload });
      await expect(refused).rejects.toMatchObject({ problem: { code } });
      // Whoever sends it gets to its end, and so to the answer.
      await finished(upload);
    }
  });

  it("refuses a body that is too large with a problem, however much of it comes", async () => {
    const upload = Readable.from([Buffer.alloc(8 * 1024 * 1024, 0x20)]);
    const refused = openWorkerResponse(socketPath, { method: "POST", path: "/echo/a", upload });
    await expect(refused).rejects.toMatchObject({ problem: { code: "body-too-large" } });
  });

  it("cuts off an upgrade to what it does not speak", async () => {
    const socket = connect(socketPath);
    socket.write("GET / HTTP/1.1\r\nHost: w\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    await once(socket, "close");
  });

  it("is held by one worker", async () => {
    await expect(refuseSecondWorker(socketPath)).rejects.toThrow(/listens on .* already/);
    await expect(refuseSecondWorker(join(folder, "none.sock"))).resolves.toBeUndefined();
  });
});
