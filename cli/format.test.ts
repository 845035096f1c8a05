import { describe, expect, it } from "vitest";
import { formatAge, formatBytes, parseBytes } from "./format.ts";

describe("parseBytes", () => {
  it.each([
    ["4096", 4096],
    ["64m", 64 * 1024 ** 2],
    ["1.5g", 1.5 * 1024 ** 3],
    ["512MiB", 512 * 1024 ** 2],
    [" 2 KB ", 2048],
  ])("reads %j", (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  it.each(["", "m", "-1m", "1e3", "64 megabytes", "1..5g"])("refuses %j", (text) =>
    expect(parseBytes(text)).toBeNull(),
  );
});

describe("formatBytes", () => {
  it("keeps one digit where it matters", () => {
    expect([512, 1536, 64 * 1024 ** 2, 1.5 * 1024 ** 3].map(formatBytes)).toEqual([
      "512 B",
      "1.5 KiB",
      "64 MiB",
      "1.5 GiB",
    ]);
  });
});

describe("formatAge", () => {
  const now = Date.parse("2026-01-02T00:00:00Z");

  it("takes the largest unit that says something", () => {
    const moments = ["2026-01-01T23:59:55Z", "2026-01-01T23:50:00Z", "2026-01-01T00:00:00Z", "2025-12-20T00:00:00Z"];
    expect(moments.map((moment) => formatAge(moment, now))).toEqual(["5 s", "10 min", "24 h", "13 d"]);
  });

  it("shows no age below zero when the clocks differ", () => {
    expect(formatAge("2026-01-02T00:00:09Z", now)).toBe("0 s");
  });
});
