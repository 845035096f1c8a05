import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStats } from "./stats.ts";

/** An event stream that the test speaks through. */
class Source extends EventTarget {
  readyState = 1;
  closed = false;
  say(data: unknown) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(data) }));
  }
  break(readyState: number) {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
  close() {
    this.closed = true;
  }
}

const snapshot = (percent: number) => ({
  at: "2026-01-01T00:00:00Z",
  host: { cores: 2 },
  containers: [{ containerId: "a", cpu: { percent } }],
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", { CLOSED: 2 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("opens one stream for all who ask, and closes it after the last has left", () => {
  const sources: Source[] = [];
  const stats = createStats(() => sources[sources.push(new Source()) - 1] as unknown as EventSource);
  const leaves = [stats.subscribe(() => {}), stats.subscribe(() => {})];
  expect(sources).toHaveLength(1);
  sources[0]?.say(snapshot(7));
  expect(stats.sample("a")?.cpu.percent).toBe(7);
  expect(stats.sample("b")).toBeNull();
  for (const leave of leaves) leave();
  vi.advanceTimersByTime(2_000);
  expect(sources[0]?.closed).toBe(true);
  expect(stats.host()).toBeNull();
});

it("keeps what it knows while the stream is away, and tries again", () => {
  const sources: Source[] = [];
  const stats = createStats(() => sources[sources.push(new Source()) - 1] as unknown as EventSource);
  stats.subscribe(() => {});
  sources[0]?.say(snapshot(7));
  sources[0]?.break(2);
  expect([stats.status(), stats.sample("a")?.cpu.percent]).toEqual(["away", 7]);
  vi.advanceTimersByTime(6_000);
  expect(sources).toHaveLength(2);
  sources[1]?.say(snapshot(9));
  expect([stats.status(), stats.sample("a")?.cpu.percent]).toEqual(["live", 9]);
});
