import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createEventHub, type EventHub } from "./event-hub.ts";
import { exampleContainer, exampleOperation } from "./testing/example-container.ts";

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
const tell = (line: unknown) => streams.at(-1)?.write(`${JSON.stringify(line)}\n`);
const send = (digit: number) => tell({ type: "event", event: event(digit) });
/** What stands in the ring from a place on: ids of events, names of other messages. */
const shown = ({ ring }: EventHub, from: number) =>
  ring.read(from)?.entries.map(({ id, text }) => id ?? /^event: (\w+)/.exec(text)?.[1]);

it("keeps events by their ids, and operations in between", async () => {
  const hub = start();
  await expect.poll(() => hub.lostSince).toBeNull();
  send(1);
  tell({ type: "operation", operation: exampleOperation() });
  send(2);
  await expect.poll(() => shown(hub, 0)).toEqual(["resync", id(1), "operation", id(2)]);
  expect(shown(hub, hub.ring.placeBehind(id(1)) ?? 0)).toEqual(["operation", id(2)]);
  expect(hub.ring.placeBehind(id(9))).toBeNull();
});

it("says when the worker is lost, returns to it, and has everyone read anew", async () => {
  const hub = start();
  tell({ type: "snapshot", containers: [exampleContainer()] });
  await expect.poll(() => hub.lostSince).toBeNull();
  streams.at(-1)?.destroy();
  await expect.poll(() => shown(hub, 0)).toEqual(["resync", "lost", "resync"]);
  expect(hub.lostSince).toBeNull();
  expect(hub.containers.isCurrent).toBe(false);
});

it("knows the containers from the snapshot on", async () => {
  const hub = start();
  await expect.poll(() => hub.lostSince).toBeNull();
  expect(hub.containers.isCurrent).toBe(false);
  tell({ type: "snapshot", containers: [exampleContainer({ revision: 1 })] });
  await expect.poll(() => hub.containers.isCurrent).toBe(true);
  tell({ type: "container", container: exampleContainer({ revision: 2, generation: 7 }) });
  await expect.poll(() => hub.containers.find("calm-otter")?.value.generation).toBe(7);
});
