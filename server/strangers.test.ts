import { expect, it } from "vitest";
import { createStrangers } from "./strangers.ts";

it("writes down some refusals of each unknown address, and of all together, a minute", () => {
  let now = 0;
  const strangers = createStrangers(() => now);
  const admitted = (remote: string, tries: number) =>
    Array.from({ length: tries }, () => strangers.admits(remote)).filter(Boolean).length;
  expect(admitted("192.0.2.1", 100)).toBe(20);
  const others = Array.from({ length: 100 }, (_, index) => admitted(`192.0.2.${index + 2}`, 10));
  expect(others.reduce((sum, count) => sum + count, 0)).toBe(280);
  now = 60_000;
  expect(admitted("192.0.2.1", 1)).toBe(1);
});
