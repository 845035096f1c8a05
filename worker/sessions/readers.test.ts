import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createReaders } from "./readers.ts";

/** Whether nobody is waited for any more, after as long as others are waited for twice. */
const isLeft = (waited: Promise<void>) => Promise.race([waited.then(() => true), sleep(100, false)]);

it("waits for nobody where there is no session", async () => {
  await createReaders(60_000).untilLeft("c");
});

it("waits for who reads, however long, and for who may come back, a while", async () => {
  const readers = createReaders(50);
  readers.expect("c", "s");
  const leave = readers.enter("c");
  const waited = readers.untilLeft("c");
  expect(await isLeft(waited)).toBe(false);
  leave();
  await waited;
});

it("goes on waiting when somebody comes", async () => {
  const readers = createReaders(50);
  readers.expect("c", "s");
  const waited = readers.untilLeft("c");
  const leave = readers.enter("c");
  expect(await isLeft(waited)).toBe(false);
  leave();
  readers.forget("c", "s");
  await waited;
});
