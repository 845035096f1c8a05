import { expect, it } from "vitest";
import { fail } from "../../lib/contract/problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { limited } from "./limited.ts";

const attempts = () => createRateLimit({ attempts: 10, windowMs: 60_000 });
const wrong = async () => {
  await new Promise(setImmediate);
  throw fail("unauthenticated", "Wrong", "wrong");
};

it("lets no more through at once than one after the other", async () => {
  const limit = attempts();
  let tried = 0;
  const guess = () => limited(limit, "key", () => wrong().finally(() => (tried += 1)));
  const guesses = await Promise.allSettled(Array.from({ length: 500 }, guess));
  expect(tried).toBe(10);
  const codes = guesses.map((one) => one.status === "rejected" && one.reason.problem.code);
  expect(codes.filter((code) => code === "too-many-requests")).toHaveLength(490);
});

it("counts neither who gets in nor what nobody could answer, and forgets no failure for one who does", async () => {
  const limit = attempts();
  for (let times = 0; times < 9; times += 1) await limited(limit, "key", wrong).catch(() => {});
  for (let times = 0; times < 20; times += 1) await limited(limit, "key", async () => {});
  const away = async () => {
    throw fail("database-unavailable", "Away", "away");
  };
  for (let times = 0; times < 20; times += 1) await limited(limit, "key", away).catch(() => {});
  await expect(limited(limit, "key", wrong)).rejects.toMatchObject({ problem: { code: "unauthenticated" } });
  await expect(limited(limit, "key", wrong)).rejects.toMatchObject({ problem: { code: "too-many-requests" } });
});
