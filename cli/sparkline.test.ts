import { expect, it } from "vitest";
import { sparkline } from "./sparkline.ts";

it("draws the greatest as the tallest, and nothing where nothing is known", () => {
  expect(sparkline([0, 5, null, 10], 10)).toBe("▁▅ █");
});

it("keeps a peak when many values share a bar", () => {
  expect(sparkline([0, 0, 9, 0, 0, 0, null, null], 4)).toBe("▁█▁ ");
});

it("draws what is always nothing as nothing", () => {
  expect(sparkline([0, 0], 5)).toBe("▁▁");
  expect(sparkline([], 5)).toBe("");
});
