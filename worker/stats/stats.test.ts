import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { historySeries, StatsSample, type StatsSnapshot } from "../../lib/contract/stats.ts";
import type { Context } from "../context.ts";
import { execute } from "../operations/execute.ts";
import { listProcesses, parseUsers } from "../processes/list-processes.ts";
import { signalProcess } from "../processes/signal-process.ts";
import {
  creation,
  makeTestWorker,
  operation,
  startContainer,
  type TestWorker,
  untilState,
} from "../testing/test-worker.ts";
import { createHistory } from "./history.ts";
import { parseTimes } from "./host.ts";
import { createMonitor } from "./monitor.ts";

let worker: TestWorker;
let context: Context;
let stop: AbortController;

beforeAll(async () => {
  worker = await makeTestWorker();
  context = await worker.restart();
}, 60_000);
afterAll(async () => {
  await worker.clear();
  await worker.remove();
});
afterEach(() => stop?.abort());

function monitor() {
  stop = new AbortController();
  return createMonitor(context, stop.signal);
}

/** The next snapshots that a monitor tells. */
function next(count: number): Promise<StatsSnapshot[]> {
  const told: StatsSnapshot[] = [];
  return new Promise((resolve) => {
    const unsubscribe = monitor().subscribe((snapshot) => {
      told.push(snapshot);
      if (told.length < count) return;
      unsubscribe();
      resolve(told);
    });
  });
}

const recordOf = (id: string) => {
  const record = context.records.get(id);
  if (!record) throw new Error(`there is no record of ${id}`);
  return record;
};

describe("the monitor", () => {
  it("tells what a busy container and an idle one use, once a second", async () => {
    const busy = await startContainer(context, "while :; do :; done");
    const idle = await startContainer(context, "sleep 100 & sleep 100 & wait");
    const [first, , third] = await next(3);
    const of = (snapshot: StatsSnapshot | undefined, id: string) =>
      StatsSample.parse(snapshot?.containers.find(({ containerId }) => containerId === id));
    expect(of(first, busy).cpu.percent).toBeNull();
    const now = of(third, busy);
    expect(now.cpu.percent).toBeGreaterThan(10);
    expect(now.cpu.percent).toBeLessThan(130);
    expect(now.cpu.usageSeconds).toBeGreaterThan(of(first, busy).cpu.usageSeconds ?? 0);
    expect(now.cpu.limitCores).toBe(1);
    expect(now.memory.limitBytes).toBe(64 * 1024 * 1024);
    expect(now.memory.currentBytes).toBeGreaterThan(100_000);
    expect(now.pids).toEqual({ current: 1, limit: 32 });
    expect(now.network).toMatchObject({ receivedBytes: 0 });
    expect(of(third, idle).cpu.percent).toBeLessThan(10);
    expect(of(third, idle).pids.current).toBe(3);
    const seconds = Date.parse(third?.at ?? "") - Date.parse(first?.at ?? "");
    expect(seconds).toBeGreaterThan(1_500);
    expect(seconds).toBeLessThan(3_500);
    expect(third?.host.cpuPercent).toBeGreaterThan(0);
    const rows = context.history.read(busy, 0);
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.at(-1)?.values[0]).toBeGreaterThan(10);
  });

  it("measures nothing while no container runs and nobody listens", async () => {
    await worker.clear();
    context = await worker.restart();
    let calls = 0;
    const { sampleStatistics } = context.addon;
    const counting = {
      ...context.addon,
      sampleStatistics: (...given: Parameters<typeof sampleStatistics>) => {
        calls += 1;
        return sampleStatistics(...given);
      },
    };
    stop = new AbortController();
    createMonitor({ ...context, addon: counting }, stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    expect(calls).toBe(0);
  });

  it("counts anew after a restart", async () => {
    const id = await startContainer(context, "while :; do :; done");
    const watching = monitor();
    await new Promise<void>((resolve) => {
      const unsubscribe = watching.subscribe(() => {
        unsubscribe();
        resolve();
      });
    });
    await execute(context, operation("kill", id, { signal: "SIGKILL" }));
    await untilState(context, id, "exited");
    await execute(context, operation("start", id, {}));
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    const { containers } = await watching.snapshot();
    const percent = containers.find(({ containerId }) => containerId === id)?.cpu.percent;
    expect(percent === null || (percent !== undefined && percent >= 0)).toBe(true);
  });
});

describe("processes", () => {
  it("are listed as the container counts them, whatever they are called, and hear signals", async () => {
    const script = String.raw`exec -a "$(printf 'evil\n\033[31mname')" sleep 1000 & trap 'exit 7' TERM; wait`;
    const id = randomUUID();
    const create = creation(id);
    if (create.verb === "create") create.arguments.command = ["/bin/bash", "-c", script];
    await execute(context, create);
    await execute(context, operation("start", id, {}));
    await expect.poll(async () => (await listProcesses(context, recordOf(id))).total).toBe(2);
    const { items } = await listProcesses(context, recordOf(id));
    const [first, second] = items;
    expect(first).toMatchObject({ pid: 1, parentPid: 0, uid: 0, user: "root", threads: 1, name: "bash" });
    await expect
      .poll(async () => (await listProcesses(context, recordOf(id))).items[1]?.command[0])
      .toBe("evil\n\u001b[31mname");
    expect(second).toMatchObject({ parentPid: 1 });
    expect(Math.abs(Date.parse(second?.startedAt ?? "") - Date.now())).toBeLessThan(10_000);
    await signalProcess(context, recordOf(id), second?.pid ?? 0, 9);
    await untilState(context, id, "exited");
    await expect(listProcesses(context, recordOf(id))).rejects.toMatchObject({
      problem: { code: "container-not-running" },
    });
  });

  it.each([2, 0, 4_000_000, process.pid])("outside of the container, such as %d, hear nothing", async (pid) => {
    const id = await startContainer(context);
    await expect(signalProcess(context, recordOf(id), pid === 2 ? 30_000 : pid, 0)).rejects.toMatchObject({
      problem: { code: "process-not-found", status: 404 },
    });
  });

  it("have the names of a hostile passwd only where it has any", () => {
    const text = "root:x:0:0::/:/bin/sh\nfoo:x:1000:1:a:b:c\nbar:x:1000:1\nbad\nx:y:-1:0\nz:q:99999999999999:1\n:x:5:5";
    expect([...parseUsers(text)]).toEqual([
      [0, "root"],
      [1000, "foo"],
    ]);
  });
});

describe("the history in memory", () => {
  const values = (value: number) => historySeries.map(() => value);

  it("keeps fifteen minutes, gaps as gaps", () => {
    const history = createHistory();
    for (let second = 1_000; second < 3_000; second += 2) history.add("a", second, values(second));
    const rows = history.read("a", 0);
    expect(rows.length).toBe(450);
    expect(rows[0]?.second).toBe(2_100);
    expect(rows.at(-1)).toMatchObject({ second: 2_998 });
    expect(rows.at(-1)?.values[3]).toBe(2_998);
    expect(history.read("a", 2_990).map(({ second }) => second)).toEqual([2_992, 2_994, 2_996, 2_998]);
    expect(history.read("b", 0)).toEqual([]);
  });

  it("knows what was not written yet, and drops the oldest of it", () => {
    const history = createHistory();
    history.add("a", 100, values(1));
    history.add("b", 100, values(2));
    expect(history.unwritten().length).toBe(2);
    history.written(100);
    expect(history.unwritten()).toEqual([]);
    for (let second = 101; second <= 2_000; second += 1) history.add("a", second, values(second));
    expect(history.unwritten().length).toBe(900);
    history.sweep(new Set(["b"]), 2_000);
    expect(history.unwritten()).toEqual([]);
  });
});

it("the machine's times leave out what a guest's time counts twice", () => {
  expect(parseTimes("cpu  10 1 5 80 4 0 0 0 7 0\ncpu0 1 1 1 1\n")).toEqual({ busy: 16, total: 100 });
});
