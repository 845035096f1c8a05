import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { logFolder } from "../../cli/supervisor/folders.ts";
import { freePort, type Instance, projectRoot, startInstance } from "../support/instance.ts";
import { startNginx } from "../support/nginx.ts";
import { runCommand } from "../support/run-command.ts";
import { Terminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";

const name = "run.example.org";
let instance: Instance;
let folder: string;
let port: number;
let stopNginx: (() => Promise<void>) | undefined;

/** As docs/network.md has it, with TLS in front. */
const server = () => `
map $http_upgrade $connection_upgrade { default upgrade; "" close; }
server {
  listen 127.0.0.1:${port} ssl;
  server_name ${name};
  ssl_certificate ${folder}/certs/server.crt;
  ssl_certificate_key ${folder}/certs/server.key;
  location / {
    proxy_pass http://127.0.0.1:${instance.config.port};
    proxy_http_version 1.1;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_buffering off;
    proxy_read_timeout 1h;
  }
}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "minirun-test-nginx-"));
  port = await freePort();
  const settings = { MINIRUN_TRUSTED_PROXIES: "127.0.0.1", MINIRUN_NAMES: name };
  instance = await startInstance({ settings });
  const script = join(projectRoot, "scripts/generate-certificates.sh");
  expect(await runCommand(script, ["--out", join(folder, "certs"), name])).toMatchObject({ code: 0 });
  stopNginx = await startNginx(folder, server(), port);
});

afterAll(async () => {
  await stopNginx?.();
  if (folder) rmSync(folder, { recursive: true });
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const ca = () => join(folder, "certs/ca.crt");

async function curl(path: string, ...args: string[]): Promise<string> {
  const place = ["--cacert", ca(), "--resolve", `${name}:${port}:127.0.0.1`, `https://${name}:${port}${path}`];
  return (await runCommand("curl", ["-sS", "-i", "--max-time", "15", ...args, ...place])).stdout;
}

it("answers by the proxy's name, with cookies for TLS and without a redirect of its own", async () => {
  expect(await curl("/health")).toMatch(/^HTTP\/1\.1 200 /);
  expect(await curl("/containers", "-H", "Accept: text/html")).toMatch(
    /^HTTP\/1\.1 30[27] [\s\S]*location: \/sign-in/i,
  );
  const body = JSON.stringify({ token: instance.token });
  const json = "Content-Type: application/json";
  const own = ["-H", `Origin: https://${name}:${port}`, "-H", json, "-d", body];
  const signedIn = await curl("/api/v1/sign-in", ...own);
  expect(signedIn).toMatch(/^HTTP\/1\.1 204 [\s\S]*set-cookie: __Host-minirun_session=.*Secure/i);
  const foreign = await curl("/api/v1/sign-in", "-H", `Origin: http://${name}:${port}`, "-H", json, "-d", body);
  expect(foreign).toMatch(/^HTTP\/1\.1 403 [\s\S]*foreign-origin/);
});

it("believes the proxy about its client's address, and nobody about another's", async () => {
  const answer = await curl("/health", "-H", "X-Forwarded-For: 203.0.113.9");
  const id = /x-request-id: (\S+)/i.exec(answer)?.[1];
  const direct = await fetch(`${instance.url}/health`, { headers: { "x-forwarded-for": "203.0.113.9, 198.51.100.7" } });
  const log = () => readFileSync(join(logFolder(instance.config), "web.log"), "utf8").split("\n");
  const lineOf = (one: string | null | undefined) =>
    until("the line is written", () => log().find((line) => one && line.includes(one)));
  // nginx wrote over what its client sent; the last hop that no proxy has is believed.
  expect(JSON.parse(await lineOf(id)).remote).toBe("127.0.0.1");
  expect(JSON.parse(await lineOf(direct.headers.get("x-request-id"))).remote).toBe("198.51.100.7");
});

it("carries a terminal over TLS", async () => {
  const { client } = instance;
  await client.call("createContainer", { body: { name: "shell", command: ["bash"] } });
  await client.call("startContainer", { params: { name: "shell" } });
  const body = { mode: "attach", cols: 80, rows: 24 } as const;
  const session = await client.call("createSession", { params: { name: "shell" }, body });
  const headers = { host: `${name}:${port}`, origin: `https://${name}:${port}` };
  const over = { at: `https://127.0.0.1:${port}`, ca: readFileSync(ca()), headers };
  const terminal = new Terminal(instance, session, { ticket: session.ticket }, over);
  await terminal.until("the terminal is ready", () => terminal.ready);
  terminal.send("echo 41+1=$((41+1))\n");
  await terminal.until("the shell answers", () => terminal.text.includes("41+1=42"));
  terminal.close();
});
