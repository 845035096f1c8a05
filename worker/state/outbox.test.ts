import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OutboxEntry } from "../../lib/store/outbox-entry.ts";
import { testAddon } from "../testing/test-addon.ts";
import { type Outbox, openOutbox } from "./outbox.ts";

let folder: string;
let outbox: Outbox;
const durable = { durable: true };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-outbox-"));
  outbox = await openOutbox(folder, testAddon);
});
afterEach(() => rm(folder, { recursive: true }));

const entry = (node: string): OutboxEntry => ({ version: 1, node, operation: null, event: null, container: null });

async function drained(from: Outbox): Promise<string[]> {
  const nodes: string[] = [];
  await from.drain(async ({ node }) => {
    nodes.push(node);
    return "done";
  });
  return nodes;
}

describe("the outbox", () => {
  it("gives entries in their order, whoever is written first", async () => {
    await Promise.all([
      outbox.append(entry("a"), durable),
      outbox.append(entry("b"), { durable: false }),
      outbox.append(entry("c"), durable),
    ]);
    expect(outbox.size()).toBe(3);
    expect(await drained(outbox)).toEqual(["a", "b", "c"]);
    expect(await drained(outbox)).toEqual([]);
    expect(await readdir(folder)).toEqual(["rejected"]);
  });

  it("gives each to both of two who take at once, and leaves none behind", async () => {
    for (const name of ["a", "b", "c"]) await outbox.append(entry(name), durable);
    const taken: string[] = [];
    const take = async ({ node }: OutboxEntry) => {
      taken.push(node);
      return "done" as const;
    };
    await Promise.all([outbox.drain(take), outbox.drain(take)]);
    expect([...new Set(taken)]).toEqual(["a", "b", "c"]);
    expect(outbox.size()).toBe(0);
    expect(await readdir(folder)).toEqual(["rejected"]);
  });

  it("keeps them over a restart, before those that come then", async () => {
    await outbox.append(entry("a"), durable);
    await outbox.append(entry("b"), durable);
    const again = await openOutbox(folder, testAddon);
    await again.append(entry("c"), durable);
    expect(await drained(again)).toEqual(["a", "b", "c"]);
  });

  it("keeps an entry first that could not be projected", async () => {
    await outbox.append(entry("a"), durable);
    const away = outbox.drain(() => Promise.reject(new Error("away")));
    await expect(away).rejects.toThrow("away");
    await outbox.append(entry("b"), durable);
    expect(await drained(outbox)).toEqual(["a", "b"]);
  });

  it("sets aside what can't be read or is refused, and goes on", async () => {
    await writeFile(join(folder, "0000000000000001.json"), '{"version":1,"no');
    await writeFile(join(folder, "0000000000000002.json.7.1.tmp"), "");
    outbox = await openOutbox(folder, testAddon);
    await outbox.append(entry("refused"), durable);
    await outbox.append(entry("good"), durable);
    const nodes: string[] = [];
    await outbox.drain(async ({ node }) => {
      nodes.push(node);
      return node === "refused" ? "reject" : "done";
    });
    expect(nodes).toEqual(["refused", "good"]);
    expect((await readdir(join(folder, "rejected"))).length).toBe(2);
    expect(await readdir(folder)).toEqual(["rejected"]);
  });

  it("waits for more until it is told to stop", async () => {
    const stop = new AbortController();
    const nodes: string[] = [];
    const draining = outbox.drain(async ({ node }) => {
      nodes.push(node);
      return "done";
    }, stop.signal);
    await outbox.append(entry("a"), durable);
    await expect.poll(() => nodes).toEqual(["a"]);
    await outbox.append(entry("b"), durable);
    await expect.poll(() => nodes).toEqual(["a", "b"]);
    stop.abort();
    await draining;
  });
});
