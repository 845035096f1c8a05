import { beforeEach, expect, it, vi } from "vitest";
import { createStats } from "./stats.ts";
import { stubPage, type TestPage } from "./testing/page.ts";

let page: TestPage;

const snapshot = (percent: number) => ({
  at: "2026-01-01T00:00:00Z",
  host: { cores: 2 },
  containers: [{ containerId: "a", cpu: { percent } }],
});

beforeEach(() => {
  page = stubPage();
  return page.restore;
});

it("opens one stream for all who ask, and closes it after the last has left", () => {
  const stats = createStats(page.open);
  const leaves = [stats.subscribe(() => {}), stats.subscribe(() => {})];
  expect(page.sources).toHaveLength(1);
  page.sources[0]?.say(snapshot(7));
  expect(stats.sample("a")?.cpu.percent).toBe(7);
  expect(stats.sample("b")).toBeNull();
  for (const leave of leaves) leave();
  vi.advanceTimersByTime(2_000);
  expect(page.sources[0]?.closed).toBe(true);
  expect(stats.host()).toBeNull();
});

it("keeps what it knows while the stream is away, and tries again", async () => {
  const stats = createStats(page.open);
  const leave = stats.subscribe(() => {});
  page.sources[0]?.say(snapshot(7));
  page.sources[0]?.break(2);
  expect([stats.status(), stats.sample("a")?.cpu.percent]).toEqual(["away", 7]);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(page.sources).toHaveLength(2);
  page.sources[1]?.say(snapshot(9));
  expect([stats.status(), stats.sample("a")?.cpu.percent]).toEqual(["live", 9]);
  leave();
});
