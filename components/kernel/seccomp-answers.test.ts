import { expect, it } from "vitest";
import type { SeccompCall } from "@/lib/contract/kernel.ts";
import { describeCall, findCalls, verdictOf } from "./seccomp-answers.ts";

const allow = { action: "allow", errno: null } as const;
const refuse = { action: "errno", errno: "EPERM" } as const;
const calls: SeccompCall[] = [
  { number: 0, name: "read", answers: [allow], arguments: [] },
  { number: 56, name: "clone", answers: [allow, refuse], arguments: [0] },
  { number: 165, name: "mount", answers: [refuse], arguments: [] },
];

it("tells what is allowed, refused, and what hangs on arguments", () => {
  expect(calls.map(verdictOf)).toEqual(["allowed", "depends", "refused"]);
  expect(calls.map(describeCall)).toEqual(["allowed", "allowed or EPERM, by its first argument", "EPERM"]);
});

it("finds calls by name, number and verdict", () => {
  const names = (...given: Parameters<typeof findCalls>) => findCalls(...given).map(({ name }) => name);
  expect(names(calls, "all", "OUN")).toEqual(["mount"]);
  expect(names(calls, "all", "56")).toEqual(["clone"]);
  expect(names(calls, "allowed", "")).toEqual(["read"]);
  expect(names(calls, "refused", "read")).toEqual([]);
});
