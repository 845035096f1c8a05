import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createAvailability } from "./availability.ts";

let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort());

it("is away from the first failure on, until the probe succeeds, and asks for that by itself", async () => {
  let answers = false;
  const probe = vi.fn(async () => {
    if (!answers) throw new Error("away");
  });
  const database = createAvailability(probe, stop.signal);
  expect(database.available).toBe(true);
  database.failed();
  const { since } = database;
  database.failed();
  expect([database.available, database.since]).toEqual([false, since]);
  await vi.waitFor(() => expect(probe).toHaveBeenCalledTimes(2), { timeout: 5_000 });
  expect(database.since).toBe(since);
  answers = true;
  await vi.waitFor(() => expect(database.available).toBe(true), { timeout: 5_000 });
  expect(database.since).toBeNull();
});

it("is asked at once for who has nothing else to turn to, and believed", async () => {
  let answers = true;
  const database = createAvailability(async () => {
    if (!answers) throw new Error("away");
  }, stop.signal);
  database.failed();
  expect([await database.answers(), database.available]).toEqual([true, true]);
  answers = false;
  expect([await database.answers(), database.available]).toEqual([false, false]);
});
