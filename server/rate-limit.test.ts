import { expect, it } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

it("closes after so many attempts, for the rest of the window, for that key alone", () => {
  let now = 0;
  const limit = createRateLimit({ attempts: 2, windowMs: 60_000 }, () => now);
  limit.count("a");
  expect(limit.retryAfter("a")).toBe(0);
  limit.count("a");
  now = 20_000;
  expect(limit.retryAfter("a")).toBe(40);
  expect(limit.retryAfter("b")).toBe(0);
  now = 60_000;
  expect(limit.retryAfter("a")).toBe(0);
});

it("forgets a key that succeeded", () => {
  const limit = createRateLimit({ attempts: 1, windowMs: 60_000 });
  limit.count("a");
  limit.reset("a");
  expect(limit.retryAfter("a")).toBe(0);
});
