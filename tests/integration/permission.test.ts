import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../lib/client/api.ts";
import type { Role } from "../../lib/contract/principal.ts";
import { reaches, roles } from "../../lib/contract/role.ts";
import { waysIn } from "../../lib/contract/route-table.ts";
import type { Session } from "../../lib/contract/session.ts";
import { openPool } from "../../lib/store/connection.ts";
import { databaseConfig } from "../../lib/store/database-config.ts";
import { signSession } from "../../server/session-cookie.ts";
import { type Instance, projectRoot, startInstance } from "../support/instance.ts";
import { runCommand } from "../support/run-command.ts";
import { Terminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";

let instance: Instance;
/** A token of each role; nobody's is empty. */
const tokens = {} as Record<Role, string>;

beforeAll(async () => {
  instance = await startInstance();
  for (const role of roles) tokens[role] = (await makeToken(role)).token;
  await instance.client.call("createContainer", {
    body: { name: "shell", command: ["/bin/sh"], tty: true, limits: { memoryBytes: 2 ** 26 } },
  });
  await instance.client.call("startContainer", { params: { name: "shell" } });
});
afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

function makeToken(role: Role, expiresAt: string | null = null) {
  return instance.client.call("createToken", { body: { name: `a ${role}`, role, expiresAt } });
}

const clientOf = (token: string) => createClient({ baseUrl: instance.url, token });

/** Status and code of an answer to a request with a token; what a stream would go on to say is not waited for. */
async function ask(method: string, path: string, token: string | null, body?: unknown) {
  const leave = new AbortController();
  const response = await fetch(`${instance.url}/api/v1${path}`, {
    method,
    signal: leave.signal,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { status } = response;
  const value = status >= 400 ? await response.json() : null;
  leave.abort();
  return { status, code: value?.code ?? null, neededRole: value?.details?.neededRole ?? null };
}

/** Opens a stream as somebody and answers how it went: the problem's code, or that it is ready. */
async function openStream(session: Pick<Session, "path" | "ticket">, token: string | null): Promise<string | null> {
  const headers = token === null ? { authorization: "" } : { authorization: `Bearer ${token}` };
  const terminal = new Terminal(instance, session, { ticket: session.ticket }, { headers });
  await until("the terminal says something", () => terminal.ready !== null || terminal.problem !== null);
  const code = terminal.problem?.code ?? null;
  terminal.close();
  return code;
}

describe("every way in", () => {
  // Names of nothing, and a body that fits no call: whoever is let in changes nothing.
  const concrete = (path: string, follow: boolean) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name) => (name === "pid" ? "1" : "nothing-of-this-name")) +
    (follow ? "?follow=true&containers=nothing-of-this-name" : "");

  it.each([null, ...roles])("lets %s do what the table says, and nothing else", async (role) => {
    const token = role && tokens[role];
    for (const { method, path, kind, role: needed } of waysIn().filter((way) => way.kind !== "WebSocket")) {
      const hasBody = method !== "GET" && method !== "DELETE" && kind !== "upload";
      const target = concrete(path, kind === "event stream");
      const answer = await ask(method, target, token, hasBody ? { "no-field": 1 } : undefined);
      const what = `${role ?? "nobody"}: ${method} ${target} gave ${answer.status} ${answer.code}`;
      if (needed === null) expect(answer.code, what).not.toBe("forbidden");
      else if (role === null) expect([answer.status, answer.code], what).toEqual([401, "unauthenticated"]);
      else if (reaches(role, needed)) expect([401, 403], what).not.toContain(answer.status);
      else expect(answer, what).toEqual({ status: 403, code: "forbidden", neededRole: needed });
    }
  });

  it("lets a terminal be opened by whom its ticket was given to, and by nobody whose role is too low", async () => {
    const own = clientOf(tokens.operator);
    const open = () => own.call("createSession", { params: { name: "shell" }, body: {} });
    expect(await openStream(await open(), tokens.operator)).toBeNull();
    expect(await openStream(await open(), tokens.viewer)).toBe("forbidden");
    expect(await openStream(await open(), tokens.administrator)).toBe("forbidden");
    const { path } = await open();
    expect(await openStream({ path, ticket: "forged" }, null)).toBe("ticket-invalid");
  });

  it("hides an operator's terminal from every other one", async () => {
    const { sessionId: id } = await clientOf(tokens.operator).call("createSession", {
      params: { name: "shell" },
      body: {},
    });
    const other = (await makeToken("operator")).token;
    for (const [method, path] of [
      ["POST", `/sessions/${id}/tickets`],
      ["POST", `/sessions/${id}/shares`],
      ["DELETE", `/sessions/${id}/shares`],
      ["DELETE", `/sessions/${id}`],
    ] as const) {
      expect((await ask(method, path, other)).code, path).toBe("session-not-found");
    }
    const { id: made } = await clientOf(tokens.administrator).call("createToken", { body: { name: "theirs" } });
    expect((await ask("DELETE", `/tokens/${made}`, other)).code).toBe("token-not-found");
    expect((await ask("POST", "/tokens", other, { name: "more", role: "administrator" })).code).toBe("forbidden");
  });
});

describe("credentials that do not hold", () => {
  const withCookie = async (value: string) => {
    const response = await fetch(`${instance.url}/api/v1/whoami`, { headers: { cookie: `minirun_session=${value}` } });
    return response.status;
  };

  it("are refused: forged, foreign, changed, of another kind", async () => {
    const foreign = signSession("operator", createHash("sha256").update("another installation").digest("hex"));
    const [payload = "", mac = ""] = foreign.split(".");
    const cookies = [foreign, payload, `${payload}.`, `${payload}.${mac}.x`, "x.y", "", "e30.e30"];
    for (const cookie of cookies) expect(await withCookie(cookie), cookie).toBe(401);
    const { operator } = tokens;
    const forged = [`${operator}x`, operator.slice(0, -1), operator.toUpperCase(), `mrt_${randomUUID()}`, "mrt_", "x"];
    for (const token of [...forged, operator.slice(4)]) expect((await ask("GET", "/whoami", token)).status).toBe(401);
    expect(await withCookie(operator)).toBe(401);
  });

  it("are refused once used or expired: links, tickets, tokens", async () => {
    const link = (await instance.cli(["token", "--link"])).stdout.trim();
    const code = new URL(link).searchParams.get("code");
    const redeem = () => ask("POST", "/sign-in", null, { code });
    expect((await redeem()).status).toBe(204);
    expect((await redeem()).code).toBe("link-not-found");

    const session = await clientOf(tokens.operator).call("createSession", { params: { name: "shell" }, body: {} });
    expect(await openStream(session, tokens.operator)).toBeNull();
    expect(await openStream(session, tokens.operator)).toBe("ticket-invalid");

    const { token } = await makeToken("viewer", new Date(Date.now() + 800).toISOString());
    expect((await ask("GET", "/whoami", token)).status).toBe(200);
    await sleep(900);
    expect((await ask("GET", "/whoami", token)).status).toBe(401);
  });
});

it("ends a cookie for good when it is signed out, copies of it too", async () => {
  const link = (await instance.cli(["token", "--link"])).stdout.trim();
  const body = JSON.stringify({ code: new URL(link).searchParams.get("code") });
  const headers = { "content-type": "application/json" };
  const signedIn = await fetch(`${instance.url}/api/v1/sign-in`, { method: "POST", headers, body });
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  const whoami = async () => (await fetch(`${instance.url}/api/v1/whoami`, { headers: { cookie } })).status;
  expect(await whoami()).toBe(200);
  const stream = await fetch(`${instance.url}/api/v1/events`, { headers: { cookie } });
  await fetch(`${instance.url}/api/v1/sign-out`, { method: "POST", headers: { cookie } });
  await until("it is ended", async () => (await whoami()) === 401, { timeoutMs: 1_000 });
  await expect(stream.text()).rejects.toThrow();
});

describe("what rests on a credential", () => {
  /** Opens everything that goes on, and answers how long each took to end after something was done. */
  async function endsWithin(token: string, end: () => Promise<unknown>): Promise<number[]> {
    const client = clientOf(token);
    const session = await client.call("createSession", { params: { name: "shell" }, body: {} });
    // A WebSocket that says nothing of who it is: the ticket knows.
    const terminal = new Terminal(instance, session, { ticket: session.ticket }, { headers: { authorization: "" } });
    await until("the terminal is ready", () => terminal.ready !== null);
    const streams = await Promise.all([
      client.open("watchEvents"),
      client.open("readLogs", { params: { name: "shell" }, query: { follow: true } }),
      client.open("getAllStats", { query: { follow: true } }),
    ]);
    const endings = streams.map(async ({ body }) => {
      const reader = body?.getReader();
      for (let done = false; !done; ) done = (await reader?.read().catch(() => ({ done: true })))?.done ?? true;
      return Date.now();
    });
    const closed = until("the terminal is closed", () => terminal.closed, { everyMs: 10 }).then(() => Date.now());
    const typed = async () => {
      await sleep(50);
      terminal.send("echo still here\n");
    };
    const began = Date.now();
    await Promise.all([end(), typed()]);
    const moments = await Promise.all([...endings, closed]);
    expect(terminal.problem?.code).toMatch(/unauthenticated|forbidden/);
    return moments.map((moment) => moment - began);
  }

  it("ends within a second when it is revoked", async () => {
    const { id, token } = await makeToken("operator");
    const took = await endsWithin(token, () => instance.client.call("deleteToken", { params: { id } }));
    expect(Math.max(...took)).toBeLessThan(1_000);
    expect((await ask("GET", "/containers", token)).status).toBe(401);
  });

  it("ends within a second when it expires, and when the token that made it is revoked", async () => {
    const expiresAt = Date.now() + 2_500;
    const short = await makeToken("operator", new Date(expiresAt).toISOString());
    const took = await endsWithin(short.token, async () => {});
    expect(Math.max(...took)).toBeLessThan(2_500 + 1_000);
    const parent = await makeToken("administrator");
    const child = await clientOf(parent.token).call("createToken", { body: { name: "child", role: "operator" } });
    const then = await endsWithin(child.token, () =>
      instance.client.call("deleteToken", { params: { id: parent.id } }),
    );
    expect(Math.max(...then)).toBeLessThan(1_000);
  });
});

describe("API tokens", () => {
  it("are made, listed, used and revoked by the command line", async () => {
    const made = await instance.cli(["tokens", "create", "robot", "--role", "operator", "--expires", "12h"]);
    const token = made.stdout.trim();
    expect(token).toMatch(/^mrt_[\w-]{43}$/);
    const { operation } = await (async () => {
      await clientOf(token).call("stopContainer", { params: { name: "shell" }, body: { timeoutSeconds: 0 } });
      await clientOf(token).call("startContainer", { params: { name: "shell" } });
      const { items } = await instance.client.call("listOperations", { query: { limit: 1 } });
      return { operation: items[0] };
    })();
    const { items } = await instance.client.call("listTokens");
    const robot = items.find(({ name }) => name === "robot");
    expect(robot).toMatchObject({ role: "operator", state: "active", createdBy: "operator" });
    expect(operation?.principal).toBe(`token:${robot?.id}`);
    await until("its use is written down", async () => {
      const { items } = await instance.client.call("listTokens");
      return items.find(({ name }) => name === "robot")?.lastUsedAt;
    });
    const list = await instance.cli(["tokens", "list"]);
    expect(list.stdout).toMatch(/robot +operator +active +Operator/);
    expect(list.stdout).not.toContain(token);
    expect((await instance.cli(["whoami"])).stdout).toContain("administrator");
    expect((await instance.cli(["tokens", "revoke", "robot"])).stdout.trim()).toBe(robot?.id);
    expect((await ask("GET", "/whoami", token)).status).toBe(401);
  });

  it("hold while the database is frozen, are revoked then too, and it hears of both afterwards", async () => {
    const { process: database } = (await instance.status()).parts.database;
    const { id, token } = await makeToken("viewer");
    process.kill(database?.pid ?? 0, "SIGSTOP");
    try {
      const began = Date.now();
      expect((await ask("GET", "/containers", token)).status).toBe(200);
      const late = await makeToken("operator");
      expect((await ask("GET", "/whoami", late.token)).status).toBe(200);
      await instance.client.call("deleteToken", { params: { id } });
      expect((await ask("GET", "/whoami", token)).status).toBe(401);
      expect(Date.now() - began).toBeLessThan(4 * 2_000);
    } finally {
      process.kill(database?.pid ?? 0, "SIGCONT");
    }
    const target = databaseConfig(instance.config, "worker");
    const pool = openPool(target, "test", 1);
    try {
      await until("the database has heard that it was revoked", async () => {
        const { rows } = await pool.query("SELECT revoked_at FROM tokens WHERE id = $1", [id]);
        return rows[0]?.revoked_at;
      });
    } finally {
      await pool.end();
    }
  });
});

describe("without sign-in (the last test here: it starts MiniRun anew)", () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    runCommand("curl", ["-sS", "-i", ...Object.entries(headers).flatMap((header) => ["-H", header.join(": ")]), path]);

  it("lets this machine in, keeps the checks of Host and Origin, and is refused for other listeners", async () => {
    expect((await instance.cli(["down"])).code).toBe(0);
    instance.environment.MINIRUN_NO_AUTH = "true";
    await instance.up();
    const { port } = instance.config;
    const containers = `http://localhost:${port}/containers`;
    expect((await get(containers)).stdout).toMatch(/^HTTP\/1.1 200.*"name":"shell"/s);
    expect((await get(containers, { host: `evil.example:${port}` })).stdout).toMatch(/^HTTP\/1.1 403.*foreign-host/s);
    expect((await get(containers, { authorization: "Bearer wrong" })).stdout).toMatch(/^HTTP\/1.1 401/);
    expect((await get(containers, { "sec-fetch-site": "cross-site" })).stdout).toMatch(/^HTTP\/1.1 401/);
    const origin = "http://evil.example";
    const foreign = await fetch(`${instance.url}/api/v1/containers/shell/stop`, {
      method: "POST",
      headers: { origin },
    });
    expect((await foreign.json()).code).toBe("foreign-origin");
    const page = await get(`${instance.url}/`, { accept: "text/html" });
    expect(page.stdout).toMatch(/No sign-in:/);
    const sessions = await fetch(`${instance.url}/api/v1/containers/shell/sessions`, { method: "POST" });
    expect(await openStream((await sessions.json()) as Session, null)).toBeNull();

    const up = [join(projectRoot, "dist/cli.js"), "up", "--no-auth", "--host", "0.0.0.0"];
    const refused = await runCommand(process.execPath, up, { env: instance.environment });
    expect([refused.code === 0, refused.stderr]).toEqual([false, expect.stringMatching(/--no-auth.*0\.0\.0\.0/)]);
  });
});
