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
