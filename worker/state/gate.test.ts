import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { createGate } from "./gate.ts";

it("lets nothing through while it is closed, and waits for what is on its way", async () => {
  const gate = createGate();
  const done: string[] = [];
  let finish = () => {};
  const first = gate.pass(async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    done.push("first");
  });
  const closing = gate.close().then((open) => {
    done.push("closed");
    return open;
  });
  await turn();
  expect(done).toEqual([]);
  finish();
  const open = await closing;
  const second = gate.pass(async () => void done.push("second"));
  await Promise.all([first, turn()]);
  expect(done).toEqual(["first", "closed"]);
  open();
  await second;
  expect(done).toEqual(["first", "closed", "second"]);
});

it("stays closed until the last has opened it, and opens after what has failed", async () => {
  const gate = createGate();
  await expect(gate.pass(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  const opens = [await gate.close(), await gate.close()];
  let passed = false;
  const pass = gate.pass(async () => {
    passed = true;
  });
  opens[0]?.();
  await turn();
  expect(passed).toBe(false);
  opens[1]?.();
  await pass;
  expect(passed).toBe(true);
});
