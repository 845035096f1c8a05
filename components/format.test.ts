import { expect, it } from "vitest";
import { formatBytes, formatDuration, formatPercent, formatRate, formatSpan } from "./format.ts";

it("writes sizes, spans and durations as one reads them", () => {
  expect([512, 1536, 64 * 1024 ** 2, 1024 ** 4].map(formatBytes)).toEqual(["512 B", "1.5 KiB", "64 MiB", "1 TiB"]);
  expect([640, 13_240, 134_200, 2_710_000, 1_200_000_000].map(formatDuration)).toEqual([
    "640 ns",
    "13.2 µs",
    "134 µs",
    "2.71 ms",
    "1.20 s",
  ]);
  expect([5, 180, 7 * 3600, 4 * 86_400].map((seconds) => formatSpan(0, seconds * 1000))).toEqual([
    "5 s",
    "3 min",
    "7 h",
    "4 d",
  ]);
  expect(formatSpan(1000, 0)).toBe("0 s");
  expect([0, 0.44, 9.96, 150].map(formatPercent)).toEqual(["0 %", "0.4 %", "10 %", "150 %"]);
  expect(formatRate(1536)).toBe("1.5 KiB/s");
});
