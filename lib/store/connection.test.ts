import { afterAll, beforeAll, expect, it } from "vitest";
import { connect } from "./connection.ts";
import { startTestPostgres, type TestPostgres } from "./testing/postgres.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres?.stop());

it("outlives a connection that breaks while nothing is asked on it, and tells by the next query", async () => {
  const target = await postgres.createDatabase("broken");
  const [client, other] = [await connect(target), await connect(target)];
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  const ended = new Promise((resolve) => client.once("end", resolve));
  await other.query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
  await ended;
  await expect(client.query("SELECT 1")).rejects.toThrow();
  await other.end();
});
