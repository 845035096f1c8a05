import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withSuperuser } from "../../cli/supervisor/postgres-cluster.ts";
import { freePort, type Instance, startInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";

/** No request may take longer, whatever the database does. */
const slowestMs = 2_000;
/** How long it is away; the suite `outage` takes two minutes. */
const awayMs = Number(process.env.OUTAGE_SECONDS ?? 15) * 1000;
/** Some of the pages, which all have the same head. */
const pages = ["/", "/containers", "/logs", "/health"];
const webConnections = 4;

describe("a database that fails", () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await startInstance({ settings: { DB_POOL_MAX: String(webConnections) } });
    // Web and worker may have asked before the database was there.
    await until("MiniRun is well", async () => (await health()).status === "ok");
  });
  afterAll(async () => {
    expect((await instance?.stop()) ?? []).toEqual([]);
  });

  /** Of a server that has come up: one that is killed before it has a name for its memory leaves that behind. */
  const databasePid = async () => {
    const { state, process } = (await instance.status()).parts.database;
    return state === "running" ? (process?.pid ?? null) : null;
  };
  /** The server and every process that it forked. */
  const family = (pid: number | null) => {
    if (pid === null) return [];
    try {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
      return [pid, ...children.split(" ").filter(Boolean).map(Number)];
    } catch {
      return [];
    }
  };
  const signal = (pids: number[], name: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {}
    }
  };

  /** Makes, starts and deletes containers and reads, until told; returns who was made and how long the slowest call took. */
  async function load(prefix: string, isOver: () => boolean) {
    const made: string[] = [];
    let slowest = { ms: 0, what: "" };
    const timed = async (method: string, path: string, body?: object) => {
      const began = performance.now();
      const answer = await instance.request(path, {
        method,
        ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      });
      await answer.text();
      const ms = performance.now() - began;
      if (ms > slowest.ms) slowest = { ms, what: `${method} ${path}` };
      return answer.status;
    };
    const reads = async () => {
      while (!isOver()) {
        for (const path of ["/containers", "/health", "/operations", "/images", "/nodes"]) {
          expect([200, 503], path).toContain(await timed("GET", path));
        }
        await sleep(50);
      }
    };
    const changes = async () => {
      for (let number = 0; !isOver(); number += 1) {
        const name = `${prefix}-${number}`;
        const limits = { memoryBytes: 2 ** 25 };
        expect(await timed("POST", "/containers", { name, command: ["sleep", "600"], limits }), name).toBe(201);
        expect(await timed("POST", `/containers/${name}/start`), name).toBe(200);
        expect(await timed("DELETE", `/containers/${name}?force=true`), name).toBe(204);
        made.push(name);
      }
    };
    await Promise.all([reads(), changes()]);
    return { made, slowest };
  }

  /** What PostgreSQL holds of each container: its events in the order of their sequence. */
  const written = (prefix: string) =>
    withSuperuser(instance.config, "minirun", async (client) => {
      const { rows } = await client.query(
        `select container->>'name' as name, array_agg(action order by sequence) as actions,
                count(distinct id)::int as ids from events where container->>'name' like $1 group by 1
         order by min(sequence)`,
        [`${prefix}-%`],
      );
      return rows as { name: string; actions: string[]; ids: number }[];
    });

  /** Connections that the web process holds open. */
  const openConnections = () =>
    withSuperuser(instance.config, "minirun", async (client) => {
      const sql = "select count(*)::int from pg_stat_activity where application_name = 'minirun-web'";
      return (await client.query<{ count: number }>(sql)).rows[0]?.count ?? 0;
    });

  const signIn = async () => {
    const answer = await instance.request("/sign-in", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: instance.token }),
    });
    return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  };

  /** Each page says it, to one who signed in before. */
  const expectBanner = async (cookie: string) => {
    for (const path of pages) {
      const page = await fetch(`${instance.url}${path}`, { headers: { cookie, accept: "text/html" } });
      expect([page.status, path]).toEqual([200, path]);
      expect(/Degraded.{0,40}since/.test(await page.text()), `${path} has the banner`).toBe(true);
    }
  };

  const health = async () => (await fetch(`${instance.url}/health`)).json();

  it.each([
    ["stopped", "SIGQUIT"],
    ["frozen", "SIGSTOP"],
  ] as const)(
    "is %s under load: nothing waits, nothing is lost, and all of it is written afterwards",
    async (prefix, name) => {
      const cookie = await signIn();
      const began = Date.now();
      const isOver = () => Date.now() - began > awayMs + 3_000;
      let seenAway = false;
      const disturb = async () => {
        const disturbed: number[] = [];
        try {
          // Where the supervisor replaces the server, its successor gets the same.
          while (Date.now() - began < awayMs) {
            const pids = family(await databasePid());
            signal(pids, name);
            disturbed.push(...pids);
            const { status, database } = await health();
            if (Date.now() - began > 3_000 && database.status === "unavailable") {
              expect(status).toBe("degraded");
              expect(Date.parse(database.since)).toBeGreaterThanOrEqual(began - 1_000);
              // One that is killed comes back in between, and the page says that, too.
              if (!seenAway && prefix === "frozen") await expectBanner(cookie);
              seenAway = true;
            }
            await sleep(500);
          }
        } finally {
          signal(disturbed, "SIGCONT");
        }
      };
      const [{ made, slowest }] = await Promise.all([load(prefix, isOver), disturb()]);
      expect(seenAway).toBe(true);
      console.log(`${prefix}: ${made.length} containers, slowest ${Math.round(slowest.ms)} ms (${slowest.what})`);
      expect(made.length).toBeGreaterThan(5);
      expect(slowest.ms).toBeLessThan(slowestMs);
      await until("MiniRun is well", async () => (await health()).status === "ok", { timeoutMs: 60_000 });
      const rows = await until(
        "all of it is written",
        async () => {
          const found = await written(prefix);
          return found.length === made.length && found.every(({ actions }) => actions.at(-1) === "deleted") && found;
        },
        { timeoutMs: 60_000 },
      );
      expect(rows.map((row) => row.name)).toEqual(made);
      expect(await openConnections()).toBeLessThanOrEqual(webConnections);
      for (const { actions, ids } of rows) {
        expect(ids).toBe(actions.length);
        expect([actions[0], actions.at(-1)]).toEqual(["created", "deleted"]);
        expect(actions.indexOf("started")).toBeGreaterThan(0);
      }
    },
    awayMs + 135_000,
  );
});

it("comes up without the database that its settings name, says so, and carries on with files", async () => {
  const port = await freePort();
  const settings = { DB_HOST: "127.0.0.1", DB_PORT: String(port), DB_USER: "nobody", DB_PASSWORD: "secret-word" };
  const instance = await startInstance({ settings });
  try {
    const health = await (await fetch(`${instance.url}/health`)).json();
    expect(health).toMatchObject({ status: "degraded", database: { mode: "external", status: "unavailable" } });
    await instance.client.call("createContainer", { body: { name: "alone", command: ["sleep", "600"] } });
    const started = await instance.client.call("startContainer", { params: { name: "alone" } });
    expect(started.state).toBe("running");
    await instance.cli(["down"]);
    const said = await instance.up();
    expect(said).toContain(`nothing answers at 127.0.0.1, port ${port} (DB_HOST, DB_PORT)`);
    expect(JSON.stringify(health) + said).not.toContain("secret-word");
  } finally {
    expect(await instance.stop()).toEqual([]);
  }
});
