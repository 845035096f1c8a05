import { expect, it } from "vitest";
import { formatClock } from "./format-clock.ts";

it("shows a time as players do", () => {
  expect([0, 7.9, 754, 3723].map(formatClock)).toEqual(["0:00", "0:07", "12:34", "1:02:03"]);
});
