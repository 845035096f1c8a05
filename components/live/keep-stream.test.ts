import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepStream } from "./keep-stream.ts";
import { session } from "./session.ts";
import { stubPage, type TestPage } from "./testing/page.ts";

let page: TestPage;
let told: string[];
let stop: () => void;

beforeEach(() => {
  page = stubPage();
  told = [];
  const tell = (what: string) => () => void told.push(what);
  stop = keepStream({ open: page.open, onAway: tell("away"), onRest: tell("rest") });
  return page.restore;
});
afterEach(() => {
  stop();
});

it("rests while nobody looks, and opens again when somebody does", () => {
  page.show(false);
  vi.advanceTimersByTime(3_000);
  page.show(true);
  vi.advanceTimersByTime(60_000);
  expect([page.sources.length, page.sources[0]?.closed]).toEqual([1, false]);
  page.show(false);
  vi.advanceTimersByTime(6_000);
  expect([page.sources[0]?.closed, told]).toEqual([true, ["rest"]]);
  vi.advanceTimersByTime(60_000);
  expect(page.sources).toHaveLength(1);
  page.show(true);
  expect(page.sources).toHaveLength(2);
});

it("opens nothing in a tab that was opened behind others, until it is seen", () => {
  page.show(false);
  const behind = keepStream({ open: page.open });
  expect(page.sources).toHaveLength(1);
  page.show(true);
  expect(page.sources).toHaveLength(2);
  behind();
});

it("tries again by itself where the browser gives up, and not after the end", async () => {
  page.sources[0]?.break(0);
  expect(page.sources).toHaveLength(1);
  page.sources[0]?.break(2);
  expect(told).toEqual(["away", "away"]);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(page.sources).toHaveLength(2);
  page.sources[1]?.say(null, "end");
  page.sources[1]?.break(2);
  page.show(false);
  await vi.advanceTimersByTimeAsync(60_000);
  page.show(true);
  expect(page.sources).toHaveLength(2);
});

it("finds out whether the session has ended, and that one has signed in again", async () => {
  page.whoami(502);
  page.sources[0]?.break(2);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(session.ended()).toBe(false);
  page.whoami(401);
  page.sources[1]?.break(2);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(session.ended()).toBe(true);
  page.sources[2]?.connect();
  expect(session.ended()).toBe(false);
});
