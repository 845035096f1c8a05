import { expect, it } from "vitest";
import type { CastEvent } from "./asciicast.ts";
import { activity, countAt, makeTimeline } from "./timeline.ts";

const events: CastEvent[] = [0, 1, 61, 62].map((time) => ({ time, code: "o", data: "x".repeat(time + 1) }));

it("shortens pauses", () => {
  expect([...makeTimeline(events).times]).toEqual([0, 1, 61, 62]);
  expect(makeTimeline(events, 2)).toEqual({ times: Float64Array.of(0, 1, 3, 4), duration: 4 });
});

it("never goes back in time", () => {
  const mixed = [5, 3, 7].map((time) => ({ time, code: "o" as const, data: "" }));
  expect([...makeTimeline(mixed).times]).toEqual([5, 5, 7]);
});

it("counts what has been shown at a moment", () => {
  const timeline = makeTimeline(events);
  expect([-1, 0, 0.5, 1, 60.9, 61, 99].map((at) => countAt(timeline, at))).toEqual([0, 1, 1, 2, 2, 3, 4]);
});

it("shows where there is much to see", () => {
  const heights = activity(events, makeTimeline(events), 4);
  expect(heights.map((height) => height > 0)).toEqual([true, false, false, true]);
  expect(Math.max(...heights)).toBe(1);
  expect(activity([], makeTimeline([]), 2)).toEqual([0, 0]);
});
