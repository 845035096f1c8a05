import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditEntry, AuditFilter } from "../../lib/contract/audit.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await until("MiniRun is well", async () => (await (await fetch(`${instance.url}/health`)).json()).status === "ok");
});
afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const audit = async (query: AuditFilter = {}) => (await instance.client.call("listAudit", { query })).items;
const short = ({ action, target, principal, result, code, remote }: AuditEntry) => ({
  ...{ action, target, principal, result, code, remote },
});
const by = { principal: "operator", remote: "127.0.0.1" };
const done = { ...by, result: "succeeded", code: null };

/** The entries of a container, the oldest first, once there are so many. */
const entriesOf = (name: string, count: number) =>
  until(`${count} entries of ${name}`, async () => {
    const items = (await audit({ text: name })).filter(({ target }) => target?.split(" ").includes(name));
    return items.length >= count && items.reverse();
  });

describe("the audit", () => {
  it("tells of every change: operations with their result, other calls, and what was refused", async () => {
    const { client } = instance;
    await client.call("createContainer", { body: { name: "watched", command: ["sleep", "600"] } });
    await client.call("startContainer", { params: { name: "watched" } });
    const body = { mode: "exec" as const, command: ["true"], cols: 80, rows: 24 };
    await client.call("createSession", { params: { name: "watched" }, body });
    await expect(client.call("deleteContainer", { params: { name: "watched" } })).rejects.toThrow("running");
    const taken = client.call("createContainer", { body: { name: "watched", command: ["true"] } });
    await expect(taken).rejects.toThrow("taken");
    await client.call("deleteContainer", { params: { name: "watched" }, query: { force: true } });
    const entries = await entriesOf("watched", 5);
    expect(entries.map(short)).toEqual([
      { ...done, action: "create", target: "watched" },
      { ...done, action: "start", target: "watched" },
      { ...done, action: "POST /containers/{name}/sessions", target: "watched" },
      { ...by, action: "delete", target: "watched", result: "refused", code: "container-running" },
      { ...done, action: "delete", target: "watched" },
    ]);
    const [created, , opened] = entries;
    expect(opened).toMatchObject({ detail: '["true"]', containerId: created?.containerId });
    expect(entries.every(({ credential, requestId }) => credential?.kind === "operator" && requestId)).toBe(true);
    const [refused] = await audit({ what: "POST /containers", result: "refused" });
    expect(refused).toMatchObject({ ...by, code: "name-taken" });
    // Where people come from is told to administrators alone, and not by the event stream or the operations.
    const { items } = await client.call("listOperations");
    expect(JSON.stringify(items)).not.toContain("127.0.0.1");
  });

  it("names what a call made, and says how far it reaches, but not its secret", async () => {
    const { client } = instance;
    const made = await client.call("createToken", { body: { name: "a laptop's", role: "operator" } });
    await client.call("deleteToken", { params: { id: made.id } });
    const email = "ada@example.net";
    const { person, path } = await client.call("invitePerson", { body: { email, role: "viewer" } });
    await client.call("updatePerson", { params: { id: person.id }, body: { role: "operator", disabled: true } });
    const told = async (what: string, target: string | null, detail: string | null) =>
      expect(await until(what, async () => (await audit({ what }))[0])).toMatchObject({ ...done, target, detail });
    await told("POST /tokens", `a laptop's ${made.id}`, "role operator, without end");
    await told("DELETE /tokens", made.id, null);
    await told("POST /people", `${email} ${person.id}`, "role viewer");
    await told("PATCH /people", person.id, "role operator, disabled");
    const all = JSON.stringify(await audit());
    expect([made.token, path.slice(-40)].filter((secret) => all.includes(secret))).toEqual([]);
  });

  it("tells of sign-ins, also of refused ones, without what was shown", async () => {
    const signIn = (token: string) =>
      fetch(`${instance.url}/api/v1/sign-in`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ token }),
      });
    expect((await signIn(instance.token)).status).toBe(204);
    expect((await signIn("a-guessed-secret")).status).toBe(401);
    const entries = await until("both", async () => {
      const found = await audit({ what: "POST /sign-in" });
      return found.length === 2 && found.reverse();
    });
    expect(entries.map(short)).toEqual([
      { ...done, action: "POST /sign-in", target: null },
      { ...by, principal: null, action: "POST /sign-in", target: null, result: "refused", code: "unauthenticated" },
    ]);
    const stranger = await fetch(`${instance.url}/api/v1/containers/watched/start`, { method: "POST" });
    expect(stranger.status).toBe(401);
    await until("the stranger's", async () => (await audit({ text: "/start", result: "refused" })).length === 1);
    expect(JSON.stringify(await audit())).not.toMatch(/a-guessed-secret/);
    expect(JSON.stringify(await audit())).not.toContain(instance.token);
  });

  it("loses nothing while the database is away, and has it afterwards, once and in order", async () => {
    const { client } = instance;
    await client.call("createContainer", { body: { name: "away", command: ["sleep", "600"] } });
    const pid = (await instance.status()).parts.database.process?.pid ?? 0;
    process.kill(pid, "SIGQUIT");
    await client.call("startContainer", { params: { name: "away" } });
    await client.call("createSession", {
      params: { name: "away" },
      body: { mode: "exec", command: ["true"], cols: 80, rows: 24 },
    });
    await client.call("killContainer", { params: { name: "away" } });
    await client.call("deleteContainer", { params: { name: "away" } });
    const entries = await until(
      "it is back with all of it",
      async () => {
        const found = (await audit({ text: "away" })).filter(({ target }) => target === "away");
        return found.length >= 5 && found.reverse();
      },
      { timeoutMs: 60_000 },
    );
    expect(entries.map(({ action }) => action)).toEqual([
      ...["create", "start", "POST /containers/{name}/sessions", "kill", "delete"],
    ]);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(5);
  });

  it("is exported whole, as lines of JSON and as CSV, by the API and the command line", async () => {
    const items = await until("all is written", async () => {
      const one = await audit();
      return one.length >= 12 && one;
    });
    const lines = (await (await instance.request("/audit/export")).text()).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(items);
    const csv = await instance.request("/audit/export?format=csv&result=refused");
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(csv.headers.get("content-disposition")).toMatch(/^attachment; filename="minirun-audit-[\d-]+\.csv"$/);
    expect((await csv.text()).split("\r\n")[0]).toMatch(/^at,node,principal,name,/);
    const table = await instance.cli(["audit", "--since", "1h", "--who", "operator", "--what", "create"]);
    expect(table).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/WHO[\s\S]*Operator[\s\S]*create[\s\S]*away/),
    });
    const json = await instance.cli(["audit", "--json", "--result", "refused"]);
    expect(
      json.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).result),
    ).toContain("refused");
  });

  it("asks for a moment and a cursor that fit, and for somebody known", async () => {
    for (const query of ["from=yesterday", "cursor=x", "limit=1000", "result=maybe"]) {
      expect((await instance.request(`/audit?${query}`)).status, query).toBe(422);
    }
    expect((await fetch(`${instance.url}/api/v1/audit`)).status).toBe(401);
  });

  it("does not fill up with a stranger's attempts", async () => {
    const tries = Array.from({ length: 60 }, () => fetch(`${instance.url}/api/v1/actions`, { method: "POST" }));
    await Promise.all(tries);
    await until("some are written", async () => (await audit({ what: "POST /actions" })).length >= 10);
    expect((await audit({ what: "POST /actions" })).length).toBeLessThanOrEqual(20);
  });
});
