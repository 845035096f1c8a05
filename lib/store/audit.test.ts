import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AuditEntry, type AuditFilter, ListAudit } from "../contract/audit.ts";
import { addAudit, forgetAudit, listAudit, readAudit } from "./audit.ts";
import { migrate } from "./migrate.ts";
import { projectOutboxEntry } from "./project-outbox.ts";
import { openStore, type Store } from "./store.ts";
import { startTestPostgres, type TestPostgres } from "./testing/postgres.ts";

const migrations = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

let postgres: TestPostgres;
let owner: Store;
let web: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await postgres.query("CREATE ROLE minirun_web LOGIN");
  const database = await postgres.createDatabase("audit");
  await migrate(database, migrations);
  owner = openStore(database);
  web = openStore({ ...database, user: "minirun_web" });
}, 60_000);

afterAll(async () => {
  await owner?.close();
  await web?.close();
  await postgres?.stop();
});

const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ id: randomUUID(), at: "2026-01-01T00:00:00.000Z", node: "node-a", principal: "ada", name: "Ada", target: "web" },
  ...{ credential: { kind: "token", id: "t1" }, action: "start", containerId: null, remote: "192.0.2.7" },
  ...{ result: "succeeded", code: null, detail: null, requestId: null },
  ...change,
});

const actions = async (filter: AuditFilter) => {
  const { items } = await listAudit(web, ListAudit.parse(filter));
  return items.map(({ action }) => action);
};

describe("the audit", () => {
  it("keeps what the outbox brings, once and in its order, and tells it again as it was", async () => {
    const nothing = { version: 1, node: "node-a", operation: null, event: null, container: null } as const;
    const first = entry({ action: "create", credential: null, remote: null, detail: "100%_done" });
    const second = entry({ action: "start", at: "2026-01-02T00:00:00.000Z", result: "failed", code: "start-failed" });
    for (const audit of [first, second, first]) await projectOutboxEntry(owner.pool, { ...nothing, audit });
    expect((await listAudit(web, ListAudit.parse({}))).items).toEqual([second, first]);
  });

  it("is added to by the web process, who can change and delete nothing in it", async () => {
    await addAudit(web.pool, entry({ action: "POST /sign-in", principal: null, name: null, result: "refused" }));
    for (const change of ["UPDATE audit SET remote = 'x'", "DELETE FROM audit", "TRUNCATE audit", "DROP TABLE audit"]) {
      await expect(web.pool.query(change), change).rejects.toThrow(/permission denied|must be owner/);
    }
    await expect(web.pool.query("INSERT INTO audit (id) VALUES (gen_random_uuid())")).rejects.toThrow(
      "permission denied",
    );
    await expect(web.pool.query("SELECT nextval('audit_sequence_seq')")).rejects.toThrow("permission denied");
  });

  it.each<[AuditFilter, string[]]>([
    [{ who: "ADA" }, ["start", "create"]],
    [{ who: "ada", what: "cre" }, ["create"]],
    [{ what: "POST" }, ["POST /sign-in"]],
    [{ result: "refused" }, ["POST /sign-in"]],
    [{ from: "2026-01-02T00:00:00Z", to: "2026-01-03T00:00:00Z" }, ["start"]],
    [{ text: "START-f" }, ["start"]],
    [{ text: "100%_d" }, ["create"]],
    [{ text: "%" }, ["create"]],
    [{ text: "nobody" }, []],
  ])("is found by %j", async (filter, found) => {
    expect(await actions(filter)).toEqual(found);
  });

  it("is read by pages, and whole", async () => {
    const page = await listAudit(web, ListAudit.parse({ limit: 2 }));
    const rest = await listAudit(web, ListAudit.parse({ limit: 2, cursor: page.next }));
    expect([page.items.length, rest.items.length, rest.next]).toEqual([2, 1, null]);
    const all: AuditEntry[] = [];
    for await (const some of readAudit(web, {})) all.push(...some);
    expect(all).toEqual([...page.items, ...rest.items]);
  });

  it("is kept for the days of the settings", async () => {
    await addAudit(owner.pool, entry({ action: "delete", at: new Date().toISOString() }));
    expect(await forgetAudit(owner.pool, 1)).toBe(3);
    expect(await actions({})).toEqual(["delete"]);
  });
});
