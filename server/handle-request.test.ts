import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCallers } from "./callers.ts";
import { createRequestHandler } from "./handle-request.ts";
import { startTestWeb, type TestWeb, testToken } from "./testing/fake-worker.ts";

const html = { accept: "text/html" };
const signedIn = { authorization: `Bearer ${testToken}` };

let web: TestWeb;
let server: Server;
let port: number;

/** Stands where Next does, and says what it was asked for. */
async function next(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const current = web.context.requests.getStore();
  response.setHeader("x-principal", current?.principal?.id ?? "nobody");
  response.end(request.url);
}

beforeAll(async () => {
  web = await startTestWeb();
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  web.context.callers = createCallers({ ...web.context.config, port }, web.context.tls);
  server.on("request", createRequestHandler(web.context, { development: false, next }));
});
afterAll(async () => {
  server.close();
  await web.close();
});

/** Over node:http, because fetch resolves dots in paths and sets Host by itself. */
function send(path: string, headers: Record<string, string> = {}, method = "GET") {
  return new Promise<{ status: number; headers: IncomingMessage["headers"]; text: string }>((resolve, reject) => {
    const request = httpRequest({ port, host: "127.0.0.1", path, method, headers }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    request.on("error", reject).end();
  });
}

describe("who is let in", () => {
  it("refuses a foreign host and a foreign origin, for whatever path", async () => {
    for (const path of ["/api/v1/health", "/containers", "/_next/static/a.js"]) {
      expect((await send(path, { host: "evil.example" })).text).toContain("foreign-host");
    }
    const foreign = { ...signedIn, origin: "http://evil.example" };
    expect((await send("/api/v1/containers", foreign, "POST")).status).toBe(403);
  });

  it("sends a person who is not signed in to sign in, and back", async () => {
    const { status, headers } = await send("/containers/web?tab=trace", html);
    expect([status, headers.location]).toEqual([307, "/sign-in?next=%2Fcontainers%2Fweb%3Ftab%3Dtrace"]);
  });

  it("has a browser that comes from another site ask again, with its cookie", async () => {
    const { status, text } = await send("/containers/web", { ...html, "sec-fetch-site": "cross-site" });
    expect(status).toBe(200);
    expect(text).toContain('http-equiv="refresh"');
  });

  it("shows no page to a program that is not signed in, however it writes the path", async () => {
    for (const path of ["/new", "/_next/static/../../new", "/brand/%2e%2e/new", "/x/../new"]) {
      expect((await send(path)).status, path).toBe(401);
    }
  });

  it("has the pages to sign in and to watch what is shared, and what they need, for everyone", async () => {
    for (const path of ["/sign-in", "/watch", "/_next/static/chunk.js", "/brand/logo.svg"]) {
      expect((await send(path, html)).status, path).toBe(200);
    }
    for (const path of ["/watch/x", "/watch/../new", "/watching"]) expect((await send(path)).status, path).toBe(401);
  });

  it("tells handlers who asks", async () => {
    expect((await send("/new", { ...html, ...signedIn })).headers["x-principal"]).toBe("operator");
    expect((await send("/api/v1/containers")).headers["x-principal"]).toBe("nobody");
  });
});

describe("where requests go", () => {
  it("answers /metrics without the prefix, whoever asks", async () => {
    for (const headers of [signedIn, { ...signedIn, ...html }]) {
      expect((await send("/metrics", headers)).text).toBe("/api/v1/metrics");
    }
  });

  it("answers /health and /containers with JSON, except to someone who navigates", async () => {
    expect((await send("/containers/web/logs?tail=1")).text).toBe("/api/v1/containers/web/logs?tail=1");
    expect((await send("/health", { accept: "*/*" })).text).toBe("/api/v1/health");
    expect((await send("/containers", {}, "POST")).text).toBe("/api/v1/containers");
    for (const navigation of [html, { rsc: "1" }]) {
      expect((await send("/containers", { ...navigation, ...signedIn })).text).toBe("/containers");
    }
    expect((await send("/containers?_rsc=1", signedIn)).text).toBe("/containers?_rsc=1");
    for (const headers of [html, {}]) {
      expect((await send("/health", { ...headers, ...signedIn })).headers.vary).toContain("Accept");
    }
  });

  it("says in JSON what there is not", async () => {
    const unknown = await send("/api/v1/nothing", html);
    expect([unknown.status, JSON.parse(unknown.text).code]).toEqual([404, "not-found"]);
    const wrong = await send("/api/v1/containers", signedIn, "PATCH");
    expect([wrong.status, wrong.headers.allow]).toEqual([405, "GET, POST, HEAD"]);
    expect((await send("/new", signedIn, "POST")).status).toBe(405);
    expect((await send("//evil.example/x", signedIn)).status).toBe(400);
  });
});

describe("what every answer carries", () => {
  it("has an id and the headers that keep browsers strict", async () => {
    const { headers } = await send("/api/v1/health");
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("has a policy for pages with a nonce of this answer alone", async () => {
    const policies = await Promise.all([send("/sign-in", html), send("/sign-in", html)]);
    const nonces = policies.map(
      ({ headers }) => /'nonce-([^']+)'/.exec(String(headers["content-security-policy"]))?.[1],
    );
    expect(nonces[0]).toBeDefined();
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(String(policies[0]?.headers["content-security-policy"])).toMatch(/frame-ancestors 'none'/);
    expect(String(policies[0]?.headers["content-security-policy"])).not.toMatch(/script-src[^;]*unsafe/);
  });
});
