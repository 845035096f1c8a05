import type { CastEvent } from "./asciicast.ts";

/** When each event is shown, in seconds of the replay, and how long that is. */
export interface Timeline {
  times: Float64Array;
  duration: number;
}

/** The moments of a replay in which no pause is longer than `maxPause` seconds. */
export function makeTimeline(events: readonly CastEvent[], maxPause = Number.POSITIVE_INFINITY): Timeline {
  const times = new Float64Array(events.length);
  let before = 0;
  let shown = 0;
  events.forEach(({ time }, index) => {
    shown += Math.min(Math.max(time - before, 0), maxPause);
    before = Math.max(time, before);
    times[index] = shown;
  });
  return { times, duration: shown };
}

/** How many events have been shown at a moment: those at or before it. */
export function countAt({ times }: Timeline, seconds: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Output in each of `buckets` equal parts of the replay, from 0 to 1: how much there is to see. */
export function activity(events: readonly CastEvent[], { times, duration }: Timeline, buckets: number): number[] {
  const sums = new Array<number>(buckets).fill(0);
  events.forEach(({ data }, index) => {
    const at = duration === 0 ? 0 : Math.floor(((times[index] ?? 0) / duration) * buckets);
    const bucket = Math.min(at, buckets - 1);
    sums[bucket] = (sums[bucket] ?? 0) + data.length;
  });
  const most = Math.log1p(Math.max(...sums));
  return sums.map((sum) => (most === 0 ? 0 : Math.log1p(sum) / most));
}
