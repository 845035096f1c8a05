import { expect, it } from "vitest";
import { createRateLimit, networkOf } from "./rate-limit.ts";

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

it.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8::6", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["2001:db8:1:2:3::", "2001:db8:1:2::/64"],
])("counts %s under %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
