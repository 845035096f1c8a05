import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readServerSentEvents } from "../../lib/client/server-sent-events.ts";
import { Container, type CreateContainerInput } from "../../lib/contract/container.ts";
import { OperationResult } from "../../lib/contract/operation.ts";
import { Problem } from "../../lib/contract/problem.ts";
import type { Session } from "../../lib/contract/session.ts";
import { failedStepOf } from "../../lib/contract/trace-steps.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { runCommand } from "../support/run-command.ts";
import { Terminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";

let instance: Instance;
/** Issued before all else, to have expired when the last test asks. */
let early: Session;

beforeAll(async () => {
  instance = await startInstance();
  await create({ name: "watched", command: "cat" });
  await start("watched");
  early = await session();
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const create = (body: CreateContainerInput) => instance.client.call("createContainer", { body });
const start = (name: string) => instance.client.call("startContainer", { params: { name } });
const session = () => instance.client.call("createSession", { params: { name: "watched" }, body: {} });
const inspect = (name: string) => instance.client.call("getContainer", { params: { name } });

/** Sends JSON, and expects a problem with that status. */
async function problemOf(path: string, status: number, init: RequestInit = {}): Promise<Problem> {
  const response = await instance.request(path, init);
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  const problem = Problem.parse(await response.json());
  expect(problem).toMatchObject({ status, title: expect.stringMatching(/./), detail: expect.stringMatching(/./) });
  return problem;
}

function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { method: "POST", body: text, headers: { "content-type": "application/json", ...headers } };
}

/** A request whose Host header is what it says; fetch would not let us. */
function statusWithHeaders(path: string, headers: Record<string, string>, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${instance.url}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on("error", reject).end();
  });
}

describe("the path", () => {
  it("leads from creation to deletion, by curl with the token", async () => {
    const curl = async (method: string, path: string, body?: unknown) => {
      const data = body === undefined ? [] : ["-H", "content-type: application/json", "-d", JSON.stringify(body)];
      const headers = ["-H", `Authorization: Bearer ${instance.token}`];
      const { stdout } = await runCommand("curl", [
        "-sS",
        "-w",
        "\n%{http_code}",
        "-X",
        method,
        ...headers,
        ...data,
        `${instance.url}${path}`,
      ]);
      const at = stdout.lastIndexOf("\n");
      return { status: Number(stdout.slice(at + 1)), text: stdout.slice(0, at) };
    };
    const created = await curl("POST", "/api/v1/containers", { name: "by-curl", command: "sleep 300", tty: false });
    expect(created.status).toBe(201);
    expect(Container.parse(JSON.parse(created.text))).toMatchObject({
      name: "by-curl",
      state: "created",
      command: ["sleep", "300"],
    });

    const started = await curl("POST", "/api/v1/containers/by-curl/start");
    expect(started.status).toBe(200);
    expect(Container.parse(JSON.parse(started.text))).toMatchObject({
      state: "running",
      problem: null,
      exitCode: null,
    });

    // Without the prefix it is the same JSON.
    const listed = await curl("GET", "/containers");
    expect(JSON.parse(listed.text).items.map(({ name }: { name: string }) => name)).toContain("by-curl");

    const stopped = await curl("POST", "/api/v1/containers/by-curl/kill", { signal: "KILL" });
    expect(stopped.status).toBe(200);
    await until("it has exited", async () => (await inspect("by-curl")).state === "exited");
    expect(await inspect("by-curl")).toMatchObject({ exitCode: 137, signal: "SIGKILL", reason: "signaled" });
    expect((await curl("DELETE", "/api/v1/containers/by-curl")).status).toBe(204);
    expect((await curl("GET", "/api/v1/containers/by-curl")).status).toBe(404);
  });

  it("gives a container its own PID 1, processes and host name, at a terminal", async () => {
    // A dumb terminal gets no escape sequences among the lines.
    await create({ name: "shell", env: { TERM: "dumb" } });
    await start("shell");
    const terminal = await Terminal.open(instance, "shell", { cols: 97, rows: 31 });
    terminal.send(
      "hostname; stty size; ps -eo pid= | head -1 | tr -d ' '; ps -e --no-headers | wc -l; echo 'do''ne'\n",
    );
    await terminal.until("the commands are through", () => terminal.text.includes("\ndone"));
    const lines = terminal.text.split(/\r?\n/);
    expect(lines).toContain("shell");
    expect(lines).toContain("31 97");
    expect(lines).toContain("1");
    expect(Number(lines[lines.indexOf("done") - 1])).toBeLessThan(6);
    terminal.send("exit 7\n");
    await terminal.until("its end is told", () => terminal.exit);
    expect(terminal.exit).toMatchObject({ exitCode: 7, signal: null, reason: "exited" });
    const ended = await until(
      "it is recorded",
      async () => (await inspect("shell")).state === "exited" && inspect("shell"),
    );
    expect(ended).toMatchObject({ exitCode: 7, reason: "exited", pid: null });
  });

  it("keeps trace and log of what ran", async () => {
    await create({ name: "traced", command: ["bash", "-c", "echo out; echo err >&2; exit 3"], tty: false });
    await start("traced");
    await until("it has exited", async () => (await inspect("traced")).state === "exited");
    const trace = await instance.client.call("getTrace", { params: { name: "traced" } });
    expect(trace.steps.map(({ call }) => call)).toEqual(expect.arrayContaining(["clone3", "pivot_root", "execve"]));
    expect(trace.steps.every(({ errno, durationNs }) => errno === 0 && durationNs >= 0)).toBe(true);
    const read = async (query: string) => (await instance.request(`/containers/traced/logs${query}`)).text();
    expect(await read("?stream=stdout")).toBe("out\n");
    expect(await read("?stream=stderr")).toBe("err\n");
    expect(await read("?timestamps=true&stream=stdout")).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z out\n$/);
  });

  it("stops with SIGTERM, and says so", async () => {
    await create({ name: "stoppable", command: ["bash", "-c", "trap 'exit 5' TERM; while :; do sleep 0.1; done"] });
    await start("stoppable");
    const stopped = await instance.client.call("stopContainer", { params: { name: "stoppable" } });
    expect(stopped).toMatchObject({ state: "exited", exitCode: 5, signal: null });
  });
});

describe("what bad input gets", () => {
  it("409 for a name that is taken", async () => {
    await create({ name: "taken" });
    expect(await problemOf("/containers", 409, post({ name: "taken" }))).toMatchObject({ code: "name-taken" });
  });

  it("422 with the field for a name that is malformed", async () => {
    const problem = await problemOf("/containers", 422, post({ name: "Not A Name", limits: { cpus: 0 } }));
    expect(problem.code).toBe("validation-failed");
    expect(problem.errors?.map(({ path }) => path).sort()).toEqual(["limits.cpus", "name"]);
  });

  it("422 for a field that does not exist", async () => {
    expect((await problemOf("/containers", 422, post({ name: "fine", privileged: true }))).detail).toContain(
      "privileged",
    );
  });

  it("404 for a container, operation, session or call that is unknown", async () => {
    expect(await problemOf("/containers/nobody", 404)).toMatchObject({ code: "container-not-found" });
    expect(await problemOf("/containers/nobody/start", 404, { method: "POST" })).toMatchObject({
      code: "container-not-found",
    });
    expect(await problemOf(`/operations/${randomUUID()}`, 404)).toMatchObject({ code: "operation-not-found" });
    expect(await problemOf(`/sessions/${randomUUID()}/tickets`, 404, { method: "POST" })).toMatchObject({
      code: "session-not-found",
    });
    expect(await problemOf("/nothing", 404)).toMatchObject({ code: "not-found" });
  });

  it("400 for JSON that is not JSON", async () => {
    expect(await problemOf("/containers", 400, post('{"name": '))).toMatchObject({ code: "invalid-json" });
  });

  it("413 for a body over 1 MiB", async () => {
    const body = { name: "big", env: { BIG: "x".repeat(1024 * 1024) } };
    expect(await problemOf("/containers", 413, post(body))).toMatchObject({ code: "body-too-large" });
  });

  it("422 with errno, path and trace for a command that is not there; the container stays", async () => {
    await create({ name: "no-such-command", command: ["/usr/bin/does-not-exist", "--now"] });
    const problem = await problemOf("/containers/no-such-command/start", 422, { method: "POST" });
    expect(problem).toMatchObject({
      code: "command-not-found",
      cause: {
        call: "faccessat2",
        errno: 2,
        errnoName: "ENOENT",
        subject: expect.stringContaining("/usr/bin/does-not-exist"),
      },
    });
    expect(problem.detail).toContain("/usr/bin/does-not-exist");
    const container = await inspect("no-such-command");
    expect(container).toMatchObject({ state: "created", pid: null, problem: { code: "command-not-found" } });
    const trace = await instance.client.call("getTrace", { params: { name: "no-such-command" } });
    expect(failedStepOf(trace)).toMatchObject({ call: "faccessat2", errno: 2, errnoName: "ENOENT" });
  });

  it("422 with the kernel's numbers for a limit that is too small to start", async () => {
    await create({ name: "tiny", limits: { memoryBytes: 64 * 1024 } });
    const problem = await problemOf("/containers/tiny/start", 422, { method: "POST" });
    expect(problem.code).toBe("limit-too-small");
    expect(problem.details?.memoryLimit).toBe(64 * 1024);
    expect(await inspect("tiny")).toMatchObject({ state: "created", pid: null });
  });

  it("200, unchanged, for the start of one that runs", async () => {
    await create({ name: "running", command: "sleep 300" });
    const first = await start("running");
    const again = await start("running");
    expect(again).toMatchObject({ state: "running", pid: first.pid, startedAt: first.startedAt });
  });

  it("409 for the deletion of one that runs, unless forced", async () => {
    expect(await problemOf("/containers/running", 409, { method: "DELETE" })).toMatchObject({
      code: "container-running",
    });
    expect((await inspect("running")).state).toBe("running");
    expect((await instance.request("/containers/running?force=true", { method: "DELETE" })).status).toBe(204);
    await problemOf("/containers/running", 404);
  });

  it("401 with no token or a wrong one", async () => {
    for (const headers of [
      new Headers(),
      { authorization: "Bearer mr_wrong" },
      { authorization: "Basic b3BlcmF0b3I6" },
    ]) {
      const response = await fetch(`${instance.url}/api/v1/containers`, { headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: "unauthenticated" });
    }
    expect((await fetch(`${instance.url}/health`)).status).toBe(200);
  });

  it("403 for a foreign Host, and for a foreign Origin of a change", async () => {
    const authorization = `Bearer ${instance.token}`;
    expect(await statusWithHeaders("/api/v1/containers", { authorization, host: "evil.example" })).toBe(403);
    expect(await statusWithHeaders("/api/v1/containers", { authorization })).toBe(200);
    const origin = "http://evil.example";
    const problem = await problemOf("/containers", 403, post({ name: "foreign" }, { origin }));
    expect(problem.code).toBe("foreign-origin");
  });
});

async function refusal(terminal: Terminal): Promise<Problem> {
  const problem = await terminal.until("the refusal", () => terminal.problem);
  await terminal.until("the stream is closed", () => terminal.closed);
  expect(terminal.ready).toBeNull();
  return problem;
}

describe("a WebSocket's ticket", () => {
  it("lets in once", async () => {
    const issued = await session();
    const first = new Terminal(instance, issued);
    await first.until("it is ready", () => first.ready);
    expect(first.ready).toMatchObject({ sessionId: issued.sessionId, tty: true, writable: true });
    expect(await refusal(new Terminal(instance, issued))).toMatchObject({
      code: "ticket-invalid",
      detail: expect.stringMatching(/used/),
    });
    first.close();
  });

  it("is required", async () => {
    expect(await refusal(new Terminal(instance, await session(), {}))).toMatchObject({ code: "ticket-required" });
    expect(await refusal(new Terminal(instance, await session(), { ticket: "made-up" }))).toMatchObject({
      code: "ticket-invalid",
    });
  });

  it("does not open another session", async () => {
    const [one, other] = [await session(), await session()];
    expect(await refusal(new Terminal(instance, { path: one.path, ticket: other.ticket }))).toMatchObject({
      status: 401,
    });
  });
});

describe("operations", () => {
  it("answer 202 at once to those who prefer it, and tell later what became of them", async () => {
    await create({ name: "later", command: "sleep 300" });
    const response = await instance.request("/containers/later/start", {
      method: "POST",
      headers: { prefer: "respond-async" },
    });
    expect(response.status).toBe(202);
    expect(response.headers.get("preference-applied")).toBe("respond-async");
    const operation = OperationResult.parse(await response.json());
    expect(response.headers.get("location")).toBe(`/api/v1/operations/${operation.id}`);
    const ask = () => instance.client.call("getOperation", { params: { id: operation.id } });
    const done = await until("it is done", async () => (await ask()).state === "succeeded" && ask());
    expect(done).toMatchObject({ verb: "start", container: { name: "later", state: "running" }, problem: null });
  });

  it("are carried out once for one Idempotency-Key", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const send = () => instance.request("/containers", post({ name: "once" }, headers));
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect((await second.json()).id).toBe((await first.json()).id);
    const other = await instance.request("/containers", post({ name: "other" }, headers));
    expect([other.status, (await other.json()).code]).toEqual([409, "key-reused"]);
  });

  it("of twenty clients at once make one container", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => instance.request("/containers", post({ name: "raced" }))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)]);
  });
});

describe("the kernel view", () => {
  it("is read at each call, in parts, and once a second by who follows", async () => {
    await create({ name: "seen", command: ["sleep", "300"], tty: false });
    expect((await problemOf("/containers/seen/kernel", 409)).code).toBe("container-not-running");
    const { pid } = await start("seen");
    const whole = await instance.client.call("getKernel", { params: { name: "seen" } });
    expect(whole).toMatchObject({ pid, unread: [], processes: { total: 1 }, seccomp: { mode: "filter" } });
    const some = await (await instance.request("/containers/seen/kernel?parts=idMaps,mounts")).json();
    expect(Object.keys(some)).toEqual(expect.arrayContaining(["idMaps", "mounts", "unread"]));
    expect(some).not.toHaveProperty("namespaces");
    expect((await problemOf("/containers/seen/kernel?parts=nothing", 422)).code).toBe("validation-failed");

    const leave = new AbortController();
    const { body } = await instance.request("/containers/seen/kernel?follow=true&parts=processes", {
      signal: leave.signal,
    });
    const told: number[] = [];
    for await (const { data } of readServerSentEvents(body as ReadableStream<Uint8Array>)) {
      told.push(Date.parse(JSON.parse(data).at));
      if (told.length === 3) break;
    }
    leave.abort();
    const [first = 0, , third = 0] = told;
    expect(third - first).toBeGreaterThan(1_500);
  });

  it("tries a refused call, and no other", async () => {
    const tried = await instance.client.call("trySystemCall", { params: { name: "seen" }, body: { call: "mount" } });
    expect(tried).toMatchObject({ returned: -1, errno: "EPERM", signal: null });
    const path = "/containers/seen/kernel/try";
    expect((await problemOf(path, 422, post({ call: "read" }))).code).toBe("validation-failed");
    const { items } = await instance.client.call("listContainers");
    expect(items.filter(({ command }) => command[0]?.includes("try"))).toEqual([]);
    await instance.client.call("deleteContainer", { params: { name: "seen" }, query: { force: true } });
  });
});

describe("a WebSocket's ticket, a while later", () => {
  it("expires", { timeout: 60_000 }, async () => {
    await sleep(Math.max(0, Date.parse(early.expiresAt) - Date.now() + 500));
    expect(await refusal(new Terminal(instance, early))).toMatchObject({ code: "ticket-expired" });
    // The session itself goes on, with a fresh ticket.
    const fresh = await instance.client.call("createTicket", { params: { id: early.sessionId } });
    const terminal = new Terminal(instance, fresh);
    await terminal.until("it is ready", () => terminal.ready);
    terminal.close();
  });
});
