import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { logFolder } from "../../cli/supervisor/folders.ts";
import { terminalProtocol } from "../../lib/contract/terminal.ts";
import { type Instance, projectRoot, startInstance } from "../support/instance.ts";
import { runCommand } from "../support/run-command.ts";
import { Terminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";

const listed = "https://ops.example.org";
/** Everything that must never stand in a log. */
const secrets: string[] = [];

let instance: Instance;
let certificates: string;

beforeAll(async () => {
  instance = await startInstance({ settings: { MINIRUN_CORS_ORIGINS: listed, MINIRUN_NAMES: "run.example.org" } });
  secrets.push(instance.token);
  certificates = join(instance.config.home, "certs");
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const port = () => instance.config.port;
const tlsPort = () => instance.config.tls.port;

/** curl with what a person would see: status line, headers, body. */
async function curl(...args: string[]): Promise<{ status: number; text: string }> {
  const { stdout } = await runCommand("curl", ["-sS", "-i", "--max-time", "15", ...args]);
  return { status: Number(/^HTTP\/[\d.]+ (\d+)/.exec(stdout)?.[1] ?? 0), text: stdout };
}

/** Writes bytes on a connection and reads until it ends, or for that long. */
function raw(bytes: string | Buffer, { withinMs = 15_000, host = "127.0.0.1" } = {}): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port(), host, () => socket.write(bytes));
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, withinMs);
    socket.setEncoding("utf8").on("data", (text) => {
      answer += text;
    });
    socket
      .on("error", () => {})
      .on("close", () => {
        clearTimeout(timer);
        end();
      });
  });
}

describe("who is answered", () => {
  it("refuses a name that is not its own, as a page that rebinds its name would send", async () => {
    const { status, text } = await curl("-H", `Host: evil.example:${port()}`, `${instance.url}/health`);
    expect([status, text.includes("foreign-host")]).toEqual([403, true]);
    expect((await curl("-H", `Host: run.example.org:${port()}`, `${instance.url}/health`)).status).toBe(200);
  });

  it("refuses another site's POST and WebSocket, with the operator's own token", async () => {
    const headers = { origin: "http://evil.example", "content-type": "application/json" };
    const post = await instance.request("/containers", { method: "POST", headers, body: "{}" });
    expect([post.status, (await post.json()).code]).toEqual([403, "foreign-origin"]);
    const refused = await new Promise<number>((resolve) => {
      const path = `ws://127.0.0.1:${port()}/api/v1/sessions/3f0d7a55-7a40-4c57-9d0e-000000000001/stream`;
      const socket = new WebSocket(path, terminalProtocol, { origin: "http://evil.example" });
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
      socket.on("open", () => resolve(101)).on("error", () => {});
    });
    expect(refused).toBe(403);
  });

  it("lets pages of listed origins call the API, and no others", async () => {
    const ask = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
    const preflight = (origin: string) =>
      fetch(`${instance.url}/api/v1/containers`, { method: "OPTIONS", headers: { ...ask, origin } });
    const allowed = await preflight(listed);
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": listed,
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": expect.stringContaining("authorization"),
      "access-control-allow-methods": expect.stringContaining("POST"),
      vary: expect.stringContaining("Origin"),
    });
    const other = await preflight("https://evil.example");
    expect(other.headers.has("access-control-allow-origin")).toBe(false);
    const headers = { origin: listed, authorization: `Bearer ${instance.token}` };
    const read = await fetch(`${instance.url}/containers`, { headers });
    expect([read.status, read.headers.get("access-control-allow-origin")]).toEqual([200, listed]);
    expect(read.headers.get("vary")).toMatch(/Accept.*Origin/);
  });
});

describe("limits", () => {
  it("answers a header of 1 MB with 431, and goes on", async () => {
    const answer = await raw(
      `GET /health HTTP/1.1\r\nHost: localhost:${port()}\r\nX-Long: ${"x".repeat(1_000_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain("headers-too-large");
    expect((await curl(`${instance.url}/health`)).status).toBe(200);
  });

  it("answers a body above 1 MiB with 413, and what is no HTTP with 400", async () => {
    const large = await instance.request("/containers", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "x".repeat(2 ** 20) }),
    });
    expect(large.status).toBe(413);
    expect(await raw("\0\0nonsense\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("cuts headers and bodies that trickle, while others are answered", async () => {
    const head = `POST /api/v1/containers HTTP/1.1\r\nHost: localhost:${port()}\r\nAuthorization: Bearer ${instance.token}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n`;
    const began = Date.now();
    const trickle = (first: string) =>
      new Promise<number>((resolve) => {
        const socket = connect(port(), "127.0.0.1", () => socket.write(first));
        const timer = setInterval(() => socket.write("x"), 250);
        socket.on("error", () => {}).on("data", () => {});
        socket.on("close", () => {
          clearInterval(timer);
          resolve(Date.now() - began);
        });
      });
    const [headers, body] = await Promise.all([
      trickle("GET /health HTTP/1.1\r\nX-Slow: "),
      trickle(head),
      ...Array.from({ length: 20 }, (_, index) =>
        sleep(index * 200).then(async () => expect((await curl(`${instance.url}/health`)).status).toBe(200)),
      ),
    ]);
    expect(headers).toBeLessThan(20_000);
    expect(body).toBeLessThan(35_000);
  });

  it("answers the dashboard beside 5,000 idle connections, and closes the oldest", async () => {
    const idle: Socket[] = [];
    let closed = 0;
    for (let round = 0; round < 50; round += 1) {
      const hundred = Array.from({ length: 100 }, async () => {
        const socket = connect(port(), "127.0.0.1");
        idle.push(socket);
        socket
          .on("error", () => {})
          .on("close", () => {
            closed += 1;
          });
        await new Promise((resolve) => socket.once("connect", resolve).once("close", resolve));
      });
      await Promise.all(hundred);
    }
    const began = performance.now();
    const page = await curl("-H", "Accept: text/html", `${instance.url}/sign-in`);
    const tookMs = performance.now() - began;
    expect(page.status).toBe(200);
    expect(tookMs).toBeLessThan(2_000);
    await until("the oldest are closed", () => closed >= 5_000 - 2_100);
    expect((await instance.request("/containers")).status).toBe(200);
    console.log(`5,000 idle connections: ${closed} were closed, a page took ${Math.round(tookMs)} ms`);
    for (const socket of idle) socket.destroy();
  });
});

const generate = (...args: string[]) =>
  runCommand(join(projectRoot, "scripts/generate-certificates.sh"), args, { cwd: "/" });
const health = async () => (await fetch(`${instance.url}/health`)).json();
const overTls = (path: string, ...args: string[]) =>
  curl("--cacert", join(certificates, "ca.crt"), ...args, `https://localhost:${tlsPort()}${path}`);

describe("TLS", () => {
  it("is there by itself once certificate and key are, made by the script", async () => {
    expect((await health()).tls.status).toBe("off");
    const made = await generate("--out", certificates, "run.example.org", "10.1.2.3");
    expect(made, made.stderr).toMatchObject({ code: 0 });
    const { tls, status } = await until("HTTPS is there", async () => {
      const value = await health();
      return value.tls.status === "on" && value;
    });
    expect([status, tls.names]).toEqual([
      "ok",
      expect.arrayContaining(["localhost", "127.0.0.1", "run.example.org", "10.1.2.3"]),
    ]);
    expect((await overTls("/health")).status).toBe(200);
    const byName = await curl(
      ...["--cacert", join(certificates, "ca.crt"), "--resolve", `run.example.org:${tlsPort()}:127.0.0.1`],
      `https://run.example.org:${tlsPort()}/health`,
    );
    expect(byName.text).toMatch(/strict-transport-security: max-age=31536000/i);
    expect((await overTls("/health")).text).not.toMatch(/strict-transport-security/i);
    const doctor = await instance.cli(["doctor"]);
    expect(doctor.stdout).toMatch(/HTTPS on port \d+: the certificate for .*run\.example\.org.* ends on \d{4}-/);
  });

  it("keeps the key from the web process's user, environment and command line", async () => {
    const { pid = 0 } = (await instance.status()).parts.web.process ?? {};
    const key = readFileSync(join(certificates, "server.key"), "utf8");
    for (const file of ["environ", "cmdline"])
      expect(readFileSync(`/proc/${pid}/${file}`, "utf8")).not.toContain(key.slice(40, 80));
    const user = instance.config.webUser;
    const read = await runCommand("setpriv", [
      `--reuid=${user}`,
      "--clear-groups",
      "cat",
      join(certificates, "server.key"),
    ]);
    expect(read.code).not.toBe(0);
    secrets.push(key.split("\n")[1] ?? key);
  });

  it("sends pages and strangers from HTTP to HTTPS, but neither probes nor programs on this machine", async () => {
    const page = await curl("-H", "Accept: text/html", `http://localhost:${port()}/containers?state=running`);
    expect(page.status).toBe(308);
    expect(page.text).toContain(`location: https://localhost:${tlsPort()}/containers?state=running`);
    expect((await curl(`${instance.url}/health`)).status).toBe(200);
    expect((await instance.request("/containers")).status).toBe(200);
  });

  it("speaks TLS on the HTTP port, too, for browsers that know of HSTS", async () => {
    const { status } = await curl("--cacert", join(certificates, "ca.crt"), `https://localhost:${port()}/health`);
    expect(status).toBe(200);
  });

  it("signs in with a cookie for this host and TLS alone, and carries a terminal", async () => {
    const body = JSON.stringify({ token: instance.token });
    const signIn = await overTls("/api/v1/sign-in", "-H", "Content-Type: application/json", "-d", body);
    expect(signIn.status).toBe(204);
    const cookie = /set-cookie: (__Host-[^;]+);(.*)/i.exec(signIn.text);
    expect(cookie?.[2]).toMatch(/HttpOnly.*Secure/);
    secrets.push(cookie?.[1]?.split("=")[1] ?? "");
    const list = await overTls("/api/v1/containers", "-H", `Cookie: ${cookie?.[1]}`);
    expect(list.status).toBe(200);

    const { client } = instance;
    await client.call("createContainer", { body: { name: "shell", command: ["bash"] } });
    await client.call("startContainer", { params: { name: "shell" } });
    const session = await client.call("createSession", {
      params: { name: "shell" },
      body: { mode: "attach", cols: 80, rows: 24 },
    });
    secrets.push(session.ticket);
    const ca = readFileSync(join(certificates, "ca.crt"));
    const over = { at: `https://localhost:${tlsPort()}`, ca };
    const terminal = new Terminal(instance, session, { ticket: session.ticket }, over);
    await terminal.until("the terminal is ready", () => terminal.ready);
    terminal.send("echo 41+1=$((41+1))\n");
    await terminal.until("the shell answers", () => terminal.text.includes("41+1=42"));
    terminal.close();
  });

  it("refuses a certificate that does not fit its key: the old one stays, log and health say why", async () => {
    const serial = await servedSerial();
    const other = join(instance.folder, "other");
    expect((await generate("--out", other)).code).toBe(0);
    copyFileSync(join(other, "server.crt"), join(certificates, "server.crt"));
    const refused = await until("it is refused", async () => {
      const value = await health();
      return value.tls.refusal && value;
    });
    expect(refused.status).toBe("degraded");
    expect(refused.reasons.join()).toMatch(/the key does not fit the certificate.*the one before stays/);
    expect(await servedSerial()).toBe(serial);
    expect(readFileSync(join(logFolder(instance.config), "supervisor.log"), "utf8")).toMatch(
      /refused: the key does not fit/,
    );
    writeFileSync(join(certificates, "server.key"), "no key");
    await until("the reason changes", async () => /no private key/.test((await health()).tls.refusal?.reason));

    expect((await generate("--out", certificates)).code).toBe(0);
    await until("the new pair is in use", async () => (await health()).tls.refusal === null);
    expect(await servedSerial()).not.toBe(serial);
    expect((await health()).status).toBe("ok");
  });
});

/** The serial number of the certificate that a new connection is shown. */
function servedSerial(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port: tlsPort(), host: "localhost", rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    }).on("error", reject);
  });
}

it("tells open streams that it ends, and ends by itself", async () => {
  const { client } = instance;
  const events = await instance.request("/events", { headers: { accept: "text/event-stream" } });
  const session = await client.call("createSession", {
    params: { name: "shell" },
    body: { mode: "attach", cols: 80, rows: 24 },
  });
  secrets.push(session.ticket);
  const terminal = new Terminal(instance, session);
  await terminal.until("the terminal is ready", () => terminal.ready);
  const { pid = 0 } = (await instance.status()).parts.web.process ?? {};
  process.kill(pid, "SIGTERM");
  await terminal.until("it is closed", () => terminal.closed);
  expect(terminal.closeCode).toBe(1001);
  // The stream ends as a whole answer does, not as a broken connection.
  expect(await events.text()).toContain("retry:");
  await until(
    "another one answers",
    async () => (await instance.status()).parts.web.process?.pid !== pid && (await health()),
  );
  const log = readFileSync(join(logFolder(instance.config), "web.log"), "utf8");
  expect(log).toMatch(/"msg":"stopped"/);
});

it("writes one line a request, by its route, and no secret into any log", async () => {
  const { stdout } = await instance.cli(["token", "--link"]);
  const code = /code=([\w-]+)/.exec(stdout)?.[1] ?? "";
  expect(code).not.toBe("");
  secrets.push(code);
  await curl(`${instance.url}/sign-in?code=${code}`);
  await curl(`${instance.url}/api/v1/${instance.token}`);
  await curl(`${instance.url}/${instance.token}?token=${instance.token}`);
  await curl("-H", "Content-Type: application/json", "-d", JSON.stringify({ code }), `${instance.url}/api/v1/sign-in`);
  const answer = await instance.request("/containers/shell");
  const id = answer.headers.get("x-request-id");
  const folder = logFolder(instance.config);
  const line = await until("the line is written", () =>
    readFileSync(join(folder, "web.log"), "utf8")
      .split("\n")
      .find((one) => one.includes(`"id":"${id}"`)),
  );
  expect(JSON.parse(line)).toMatchObject({
    id,
    principal: "operator",
    route: "GET /api/v1/containers/{name}",
    status: 200,
    durationMs: expect.any(Number),
  });
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), "utf8");
    for (const secret of secrets) expect(text.includes(secret), `${name} has a secret`).toBe(false);
  }
});
