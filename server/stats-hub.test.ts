import type { ServerResponse } from "node:http";
import { afterEach, expect, it } from "vitest";
import type { StatsSnapshot } from "../lib/contract/stats.ts";
import { startTestWeb, type TestWeb } from "./testing/fake-worker.ts";

let web: TestWeb | undefined;
afterEach(async () => {
  await web?.close();
  web = undefined;
});

const snapshot: StatsSnapshot = {
  at: "2026-01-01T00:00:00.000Z",
  host: {
    cores: 2,
    cpuPercent: null,
    load: [0, 0, 0],
    memoryBytes: 1,
    memoryAvailableBytes: 1,
    diskBytes: 1,
    diskFreeBytes: 1,
    uptimeSeconds: 1,
  },
  containers: [],
};

it("one stream serves all who listen; it is opened again when it breaks, and closed when nobody is left", async () => {
  const streams: ServerResponse[] = [];
  web = await startTestWeb({
    call(request, _body, response) {
      expect(request.url).toBe("/stats?follow=1");
      streams.push(response);
      response.writeHead(200).flushHeaders();
    },
  });
  const heard: string[] = [];
  const first = web.context.stats.subscribe(({ at }) => heard.push(`first ${at}`));
  const second = web.context.stats.subscribe(({ at }) => heard.push(`second ${at}`));
  await expect.poll(() => streams.length).toBe(1);
  streams[0]?.write(`${JSON.stringify(snapshot)}\n`);
  await expect.poll(() => heard).toEqual([`first ${snapshot.at}`, `second ${snapshot.at}`]);
  first();

  streams[0]?.destroy();
  await expect.poll(() => streams.length, { timeout: 5_000 }).toBe(2);
  streams[1]?.write(`${JSON.stringify(snapshot)}\n`);
  await expect.poll(() => heard.length).toBe(3);

  second();
  await expect.poll(() => streams[1]?.destroyed).toBe(true);
});
