import { expect, it } from "vitest";
import { createEventRing } from "./event-ring.ts";

const entry = (number: number) => ({ id: `e${number}`, text: `text ${number}` });
const never = new AbortController().signal;

it("keeps the last messages and forgets older ones, with their ids", () => {
  const ring = createEventRing(10);
  for (let number = 0; number < 25; number += 1) ring.push(entry(number));
  expect(ring.end).toBe(25);
  expect(ring.read(15)).toEqual({ entries: [15, 16, 17, 18, 19, 20, 21, 22, 23, 24].map(entry), next: 25 });
  expect(ring.read(14)).toBeNull();
  expect(ring.placeBehind("e14")).toBeNull();
  expect(ring.placeBehind("e15")).toBe(16);
  expect(ring.read(25)).toEqual({ entries: [], next: 25 });
});

it("hands out no more at once than one write takes", () => {
  const ring = createEventRing();
  for (let number = 0; number < 1_000; number += 1) ring.push(entry(number));
  const seen: string[] = [];
  for (let place = 0; place < ring.end; ) {
    const read = ring.read(place);
    if (!read) throw new Error("nothing was overwritten");
    expect(read.entries.length).toBeLessThanOrEqual(64);
    seen.push(...read.entries.map(({ text }) => text));
    place = read.next;
  }
  expect(seen).toEqual(Array.from({ length: 1_000 }, (_, number) => `text ${number}`));
});

it("takes the place of an id that is told twice from the later one", () => {
  const ring = createEventRing(3);
  for (const number of [0, 1, 0, 2, 3]) ring.push(entry(number));
  expect(ring.placeBehind("e0")).toBe(3);
});

it("wakes whoever waits, and lets go of one who leaves", async () => {
  const ring = createEventRing();
  const news = ring.changed(never);
  ring.push(entry(1));
  await news;
  const leave = new AbortController();
  const left = ring.changed(leave.signal);
  leave.abort();
  await left;
  await ring.changed(leave.signal);
});
