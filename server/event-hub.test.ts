import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createEventHub, type HubMessage } from "./event-hub.ts";
import { exampleContainer } from "./testing/example-container.ts";

const id = (digit: number) => `3f0d7a55-7a40-4c57-9d0e-00000000000${digit}`;
const event = (digit: number) => ({
  id: id(digit),
  action: "started",
  at: "2026-01-01T00:00:00.000Z",
  container: exampleContainer(),
});

let folder: string;
let stop: AbortController;
let streams: ServerResponse[];
let worker: ReturnType<typeof createServer>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-hub-"));
  stop = new AbortController();
  streams = [];
  worker = createServer((_request, response) => {
    response.write('{"type":"hello"}\n');
    streams.push(response);
  });
  await new Promise<void>((resolve) => worker.listen(join(folder, "worker.sock"), resolve));
});
afterEach(async () => {
  stop.abort();
  worker.closeAllConnections();
  await new Promise((resolve) => worker.close(resolve));
  await rm(folder, { recursive: true });
});

const start = () => createEventHub(join(folder, "worker.sock"), stop.signal, pino({ level: "silent" }));
const types = (heard: HubMessage[]) =>
  heard.map((message) => (message.type === "event" ? message.event.id : message.type));
const send = (digit: number) => streams.at(-1)?.write(`${JSON.stringify({ type: "event", event: event(digit) })}\n`);

it("hands events to everyone, and to one who returns what was missed", async () => {
  const hub = start();
  await expect.poll(() => hub.lostSince).toBeNull();
  const heard: HubMessage[] = [];
  hub.subscribe((message) => heard.push(message));
  send(1);
  send(2);
  await expect.poll(() => heard.length).toBe(3);
  expect(types(heard)).toEqual(["resync", id(1), id(2)]);
  const returned: HubMessage[] = [];
  hub.subscribe((message) => returned.push(message), id(1));
  expect(types(returned)).toEqual([id(2)]);
  const stranger: HubMessage[] = [];
  hub.subscribe((message) => stranger.push(message), id(9));
  expect(types(stranger)).toEqual(["resync"]);
});

it("says when the worker is lost, returns to it, and has everyone read anew", async () => {
  const hub = start();
  await expect.poll(() => hub.lostSince).toBeNull();
  const heard: HubMessage[] = [];
  hub.subscribe((message) => heard.push(message));
  streams.at(-1)?.destroy();
  await expect.poll(() => types(heard)).toEqual(["resync", "lost", "resync"]);
  expect(hub.lostSince).toBeNull();
});
