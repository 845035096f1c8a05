import { beforeEach, expect, it, vi } from "vitest";
import { createContainerEvents } from "./container-events.ts";
import { stubPage, type TestPage } from "./testing/page.ts";

let page: TestPage;

beforeEach(() => {
  page = stubPage();
  return page.restore;
});

it("is no lost connection while nobody looks, and has all read anew when somebody does", () => {
  const events = createContainerEvents(page.open);
  const onResync = vi.fn();
  const leave = events.subscribe({ onResync });
  page.sources[0]?.connect();
  expect(events.status()).toBe("live");
  page.show(false);
  vi.advanceTimersByTime(6_000);
  expect([page.sources[0]?.closed, events.status()]).toEqual([true, "connecting"]);
  page.show(true);
  page.sources[1]?.say(null, "resync");
  expect([onResync.mock.calls.length, events.status()]).toEqual([1, "live"]);
  page.sources[1]?.break(0);
  expect(events.status()).toBe("stale");
  leave();
});

it("has whoever comes to a live stream read anew, once and alone", () => {
  const events = createContainerEvents(page.open);
  const [early, late] = [vi.fn(), vi.fn()];
  const leaveEarly = events.subscribe({ onResync: early });
  expect(early).not.toHaveBeenCalled();
  page.sources[0]?.say(null, "resync");
  const leaveLate = events.subscribe({ onResync: late });
  expect([early.mock.calls.length, late.mock.calls.length]).toEqual([1, 1]);
  leaveEarly();
  leaveLate();
});
