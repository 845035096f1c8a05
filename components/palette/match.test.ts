import { expect, it } from "vitest";
import { matchScore } from "./match.ts";

it("wants every word, in any order", () => {
  expect(matchScore("stop web", "web-1 Stop")).toBeGreaterThan(0);
  expect(matchScore("web stop", "Stop web-1")).toBeGreaterThan(0);
  expect(matchScore("stop db", "Stop web-1")).toBe(0);
});

it("puts beginnings before parts before letters in order", () => {
  const scores = ["web-1", "cobweb", "wheelbarrow"].map((text) => matchScore("web", text));
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(new Set(scores).size).toBe(3);
  expect(scores.every((score) => score > 0)).toBe(true);
});

it("takes everything when nothing was typed", () => {
  expect(matchScore("  ", "anything")).toBe(1);
});
