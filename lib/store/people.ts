import type pg from "pg";
import { KnownPerson } from "../contract/access.ts";

/** Where it is told that people, or what they may do, have changed: by a trigger of their table. */
export const peopleChannel = "minirun_people";

/** Everybody who may sign in, as far as permission goes. */
export async function readPeople(pool: pg.Pool): Promise<KnownPerson[]> {
  const { rows } = await pool.query(
    "SELECT id, name, role, disabled_at IS NOT NULL AS disabled FROM people ORDER BY created_at, id",
  );
  return KnownPerson.array().parse(rows);
}
