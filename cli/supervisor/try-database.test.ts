import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPostgres, type TestPostgres } from "../../lib/store/testing/postgres.ts";
import { tryDatabase } from "./try-database.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const at = (database: string, user = "postgres", host = postgres.socketDir) =>
  `postgres://${user}:hunter2@localhost:5432/${database}?host=${encodeURIComponent(host)}`;

it("has nothing to say about one that answers", async () => {
  expect(await tryDatabase(at("postgres"))).toBeNull();
});

it("names the setting that is wrong, and never the password", async () => {
  const said = await Promise.all([
    tryDatabase(at("nowhere")),
    tryDatabase(at("postgres", "somebody")),
    tryDatabase(at("postgres", "postgres", "/nonexistent")),
    tryDatabase("postgres://minirun:hunter2@127.0.0.1:1/minirun"),
    tryDatabase("postgres://minirun:hunter2@no-such-host.invalid/minirun"),
  ]);
  const expected = [
    /no database nowhere \(DB_NAME\)/,
    /user somebody \(DB_USER/,
    /DB_HOST/,
    /port 1 \(DB_HOST, DB_PORT\)/,
    /DB_HOST/,
  ];
  for (const [index, pattern] of expected.entries()) expect(said[index]).toMatch(pattern);
  expect(said.join()).not.toContain("hunter2");
});

it("waits no longer than three seconds for a server that hangs", async () => {
  postgres.freeze();
  try {
    expect(await tryDatabase(at("postgres"))).toMatch(/has not answered within 3 s/);
  } finally {
    postgres.thaw();
  }
});
