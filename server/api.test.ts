import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { operator, type Role } from "../lib/contract/principal.ts";
import { fail, type Problem, problem } from "../lib/contract/problem.ts";
import type { Route } from "../lib/contract/routes.ts";
import { api } from "./api.ts";
import { maxBodyBytes } from "./read-body.ts";
import type { RequestContext } from "./request-context.ts";
import { startTestWeb, type TestWeb } from "./testing/fake-worker.ts";

const route = {
  method: "POST",
  path: "/things/{name}",
  role: "operator",
  summary: "A call for tests",
  query: z.object({ size: z.coerce.number().int().default(1) }),
  body: z.strictObject({ color: z.enum(["red", "blue"]) }),
  success: { status: 201, schema: z.object({ said: z.string() }) },
} as const satisfies Route;

const echo = api(route, async ({ params, query, body }) => ({ said: `${params.name} ${query.size} ${body.color}` }));

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.close());

const browser = { origin: "http://localhost", cookie: undefined, userAgent: undefined };

function send(
  handler: typeof echo,
  init: RequestInit & { duplex?: "half" },
  principal: RequestContext["principal"] = operator,
  credentialProblem: Problem | null = null,
) {
  const headers = { "content-type": "application/json", ...init.headers };
  const request = new Request("http://localhost/api/v1/things/a?size=3", { method: "POST", ...init, headers });
  const current = {
    id: "request-1",
    principal,
    credentialProblem,
    remote: "127.0.0.1",
    secure: false,
    ...browser,
    note: {},
  };
  return web.context.requests.run(current, () => handler(request, { params: Promise.resolve({ name: "a" }) }));
}

describe("api", () => {
  it("hands over what fits and answers with the route's status", async () => {
    const response = await send(echo, { body: '{"color":"red"}' });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ said: "a 3 red" });
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    ["JSON that is none", { body: "{color" }, 400, "invalid-json"],
    ["bytes that are no UTF-8", { body: new Uint8Array([0x22, 0xff, 0x22]) }, 400, "invalid-json"],
    [
      "another content type",
      { body: "color=red", headers: { "content-type": "text/plain" } },
      415,
      "unsupported-media-type",
    ],
    ["a value that does not fit", { body: '{"color":"green"}' }, 422, "validation-failed"],
    ["no body", {}, 422, "validation-failed"],
    ["a body that is too large", { body: JSON.stringify("x".repeat(maxBodyBytes)) }, 413, "body-too-large"],
  ])("refuses %s", async (_, init, status, code) => {
    const response = await send(echo, init);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code, status, requestId: "request-1" });
  });

  it("names the field", async () => {
    const answer = await (await send(echo, { body: '{"color":"green","more":1}' })).json();
    expect(answer.errors.map(({ path }: { path: string }) => path)).toContain("color");
  });

  it("counts a body that does not say its length", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const response = await send(echo, { body: endless, duplex: "half" });
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(2 * maxBodyBytes);
  });

  it("admits nobody without a principal, unless the route does", async () => {
    const response = await send(echo, { body: '{"color":"red"}' }, null);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
    const { role: _, ...anybody } = route;
    const open = api({ ...anybody, signIn: false }, async () => ({ said: "hello" }));
    expect((await send(open, { body: '{"color":"red"}' }, null)).status).toBe(201);
  });

  it("admits the role that the route needs, and those above it", async () => {
    const as = (role: Role) => send(echo, { body: '{"color":"red"}' }, { ...operator, role });
    expect((await as("administrator")).status).toBe(201);
    expect((await as("operator")).status).toBe(201);
    const refused = await as("viewer");
    expect(refused.status).toBe(403);
    const answer = await refused.json();
    expect(answer).toMatchObject({ code: "forbidden", details: { neededRole: "operator", role: "viewer" } });
    expect(answer.detail).toContain("operator");
  });

  it("says why it is not known who asks, where that matters", async () => {
    const away = problem("database-unavailable", "The database is away", "it does not answer");
    const response = await send(echo, { body: '{"color":"red"}' }, null, away);
    expect(await response.json()).toMatchObject({ code: "database-unavailable", status: 503 });
  });

  it("answers a problem as it was thrown, and hides every other error", async () => {
    const refuses = api(route, async () => {
      throw fail("name-taken", "The name is taken", "by another");
    });
    expect(await (await send(refuses, { body: '{"color":"red"}' })).json()).toMatchObject({
      code: "name-taken",
      status: 409,
    });
    const breaks = api(route, async () => {
      throw new Error("password=hunter2");
    });
    const response = await send(breaks, { body: '{"color":"red"}' });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("hunter2");
  });
});
