import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Change, keepRunning } from "./keep-running.ts";
import type { Launched, Part } from "./part.ts";

/** No process has this identity: nothing is signalled. */
const nobody = { pid: 1, startTime: "never" };

function part(launch: () => Promise<Launched>, check: () => Promise<void> = async () => {}): Part {
  return { name: "worker", stopSteps: [], launch, check };
}

/** Keeps a part running for a while and returns what was reported. */
async function keepFor(milliseconds: number, kept: Part): Promise<Change[]> {
  const changes: Change[] = [];
  const stop = new AbortController();
  const done = keepRunning(kept, { signal: stop.signal, report: (change) => changes.push(change) });
  await sleep(milliseconds);
  stop.abort();
  await done;
  return changes;
}

const states = (changes: Change[]) => changes.map(({ state }) => state);

it("reports a part that answers, and stops it at the signal", async () => {
  const changes = await keepFor(
    150,
    part(async () => ({ process: nobody, ended: new Promise(() => {}) })),
  );
  expect(states(changes)).toEqual(["starting", "running", "stopped"]);
});

it("starts again what ended, later each time, and says why", async () => {
  const launches: number[] = [];
  const changes = await keepFor(
    1000,
    part(
      async () => {
        launches.push(performance.now());
        return { process: nobody, ended: Promise.resolve("killed by SIGKILL") };
      },
      () => Promise.reject(new Error("no answer")),
    ),
  );
  expect(launches).toHaveLength(3);
  const [first = 0, second = 0, third = 0] = launches;
  expect(third - second).toBeGreaterThan((second - first) * 1.5);
  expect(changes.find(({ state }) => state === "waiting")?.reason).toBe("killed by SIGKILL");
});

it("goes on when a part cannot even be started", async () => {
  const changes = await keepFor(
    100,
    part(() => Promise.reject(new Error("spawn node ENOENT"))),
  );
  expect(changes[0]).toEqual({ state: "waiting", process: null, reason: "spawn node ENOENT" });
});
