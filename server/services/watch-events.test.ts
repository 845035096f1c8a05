import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readServerSentEvents } from "../../lib/client/server-sent-events.ts";
import type { EventLine } from "../../lib/contract/event.ts";
import { migrate } from "../../lib/store/migrate.ts";
import { projectOutboxEntry } from "../../lib/store/project-outbox.ts";
import { registerNode } from "../../lib/store/register-node.ts";
import { openStore, type Store } from "../../lib/store/store.ts";
import { startTestPostgres, type TestPostgres } from "../../lib/store/testing/postgres.ts";
import { exampleContainer, exampleOperation } from "../testing/example-container.ts";
import { answerJson, startTestWeb, type TestWeb } from "../testing/fake-worker.ts";
import { watchEvents } from "./watch-events.ts";

const at = "2026-01-01T00:00:00.000Z";
const migrations = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

let postgres: TestPostgres;
let owner: Store;
let web: TestWeb;
let outbox: number;
let leave: AbortController;
let workerStreams: ServerResponse[];

beforeAll(async () => {
  postgres = await startTestPostgres();
  const database = await postgres.createDatabase("events");
  await migrate(database, migrations);
  owner = openStore(database);
  await registerNode(owner.pool, { id: "test", hostname: "h", kernel: "6.18", cgroupVersion: 1, version: "0" });
}, 60_000);
afterAll(async () => {
  await owner?.close();
  await postgres?.stop();
});

beforeEach(async () => {
  outbox = 0;
  leave = new AbortController();
  workerStreams = [];
  web = await startTestWeb({
    databaseUrl: `postgresql://postgres@/events?host=${encodeURIComponent(postgres.socketDir)}`,
    events: (response) => workerStreams.push(response),
    call(_, __, response) {
      const rest = { kernel: "6.18", cgroupVersion: 1, database: "connected", containers: 0, running: 0 };
      answerJson(response, { version: "0", node: "test", startedAt: at, outbox, ...rest });
    },
  });
  await expect.poll(() => web.context.events.lostSince).toBeNull();
});
afterEach(async () => {
  leave.abort();
  await web.close();
});

const event = (id: string = randomUUID()) => ({ id, action: "started" as const, at, container: exampleContainer() });
const tell = (...lines: EventLine[]) => {
  for (const line of lines) workerStreams.at(-1)?.write(`${JSON.stringify(line)}\n`);
};

/** Reads in the background; `heard` has ids of events and names of other messages. */
function watch(lastEventId: string | null = null) {
  const heard: string[] = [];
  const { body } = watchEvents(web.context, leave.signal, lastEventId);
  const read = async () => {
    if (body) for await (const message of readServerSentEvents(body)) heard.push(message.id ?? message.event);
  };
  return { heard, ended: read() };
}

/** Events as the worker has written them down: their ids. */
async function store(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const [number, id] of ids.entries()) {
    const container = { revision: number + 1, value: exampleContainer(), deletedAt: null, idRange: null };
    await projectOutboxEntry(owner.pool, { version: 1, node: "test", operation: null, event: event(id), container });
  }
  return ids;
}

describe("the event stream", () => {
  it("begins with a resync, and tells events, operations and the loss of the worker", async () => {
    const { heard, ended } = watch();
    await expect.poll(() => heard).toEqual(["resync"]);
    const [first, second] = [event(), event()];
    tell({ type: "event", event: first }, { type: "operation", operation: exampleOperation() });
    tell({ type: "heartbeat" }, { type: "event", event: second });
    await expect.poll(() => heard).toEqual(["resync", first.id, "operation", second.id]);
    workerStreams.at(-1)?.destroy();
    await expect.poll(() => heard.slice(4)).toEqual(["lost", "resync"]);
    leave.abort();
    await ended;
  });

  it("gives one who returns what he has missed, from memory", async () => {
    const events = Array.from({ length: 300 }, () => event());
    tell(...events.map((one) => ({ type: "event", event: one }) as const));
    const last = events.at(-1)?.id ?? "";
    await expect.poll(() => web.context.events.ring.placeBehind(last)).not.toBeNull();
    const { heard } = watch(events[9]?.id);
    await expect.poll(() => heard).toEqual(events.slice(10).map(({ id }) => id));
  });

  it("gives one who returns after a restart what he has missed, from the database, each event once", async () => {
    const ids = await store(450);
    const { heard } = watch(ids[0]);
    await expect.poll(() => heard, { timeout: 15_000 }).toEqual(ids.slice(1));
    const next = event();
    tell({ type: "event", event: next });
    await expect.poll(() => heard.at(-1)).toBe(next.id);
    expect(heard.length).toBe(450);
  });

  it("has one read anew whose place nobody knows", async () => {
    const { heard } = watch(randomUUID());
    await expect.poll(() => heard).toEqual(["resync"]);
  });

  it("has one read anew while the database may not know all yet", async () => {
    const [first] = await store(2);
    outbox = 1;
    const { heard } = watch(first);
    await expect.poll(() => heard).toEqual(["resync"]);
  });

  it("cuts off one who takes nothing while the ring goes round, and holds nothing for him", async () => {
    const { body } = watchEvents(web.context, leave.signal, null);
    const reader = body?.getReader();
    const decoder = new TextDecoder();
    for (let text = ""; !text.includes("resync"); ) text += decoder.decode((await reader?.read())?.value);
    for (let number = 0; number < 40_000; number += 1) web.context.events.ring.push({ id: null, text: "data: x\n\n" });
    let bytes = 0;
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) bytes += next.value.length;
    expect(bytes).toBeLessThan(10_000);
  });
});
