import { expect, it } from "vitest";
import type { Health } from "@/lib/contract/health.ts";
import { describeAway } from "./describe-away.ts";

const since = "2026-01-01T00:00:00.000Z";
const health = (changes: Partial<Health>): Health => ({
  status: "degraded",
  version: "0.1.0",
  database: { status: "connected", mode: "embedded", since: null },
  worker: { status: "connected", since: null },
  tls: { status: "off", port: 8443, names: [], expiresAt: null, refusal: null },
  uptimeSeconds: 1,
  reasons: [],
  ...changes,
});

it("says each part that is away once, and what that means", () => {
  const both = health({
    database: { status: "unavailable", mode: "embedded", since },
    worker: { status: "unavailable", since },
    reasons: [`the database does not answer since ${since}`, `the worker does not answer since ${since}`],
  });
  const [worker, database, ...more] = describeAway(both);
  expect(worker).toMatch(/^The worker does not answer: .*containers go on/);
  expect(database).toMatch(/^The database does not answer: .*written down later/);
  expect(more).toEqual([]);
});

it("has the reason's own words for everything else", () => {
  expect(
    describeAway(health({ reasons: ["the worker does not reach the database: results wait in its outbox"] })),
  ).toEqual(["The worker does not reach the database: results wait in its outbox."]);
  expect(describeAway(health({ reasons: ["the certificate has expired at x"] }))).toEqual([
    "The certificate has expired at x.",
  ]);
});
