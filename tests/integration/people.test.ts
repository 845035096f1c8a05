import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../lib/client/api.ts";
import type { Role } from "../../lib/contract/principal.ts";
import { type IdentityProvider, leaveProvider, startIdentityProvider } from "../support/identity-provider.ts";
import { type Instance, makeInstance, makeInstanceFolder, takeDown } from "../support/instance.ts";
import { until } from "../support/until.ts";

/** People who sign in to a whole MiniRun, which got the settings of its providers as an administrator gives them. */
let provider: IdentityProvider;
let folder: Awaited<ReturnType<typeof makeInstanceFolder>>;
let instance: Instance;
/** What `up` said. */
let welcome: string;
const password = "correct horse battery";

beforeAll(async () => {
  provider = await startIdentityProvider();
  folder = await makeInstanceFolder({
    MINIRUN_OIDC_ISSUER: provider.issuer,
    MINIRUN_OIDC_CLIENT_ID: provider.clientId,
    MINIRUN_OIDC_NAME: "Example SSO",
    MINIRUN_OIDC_ALLOWED_DOMAINS: "example.org",
    MINIRUN_GITHUB_CLIENT_ID: "minirun",
  });
  const secret = join(folder.folder, "oidc-secret");
  writeFileSync(secret, provider.clientSecret, { mode: 0o600 });
  folder.environment.MINIRUN_OIDC_CLIENT_SECRET_FILE = secret;
  folder.environment.MINIRUN_GITHUB_CLIENT_SECRET_FILE = join(folder.folder, "no-such-secret");
  instance = await makeInstance(folder.name, folder.folder, folder.environment);
  welcome = await instance.up();
  const { stdout } = await instance.cli(["token"]);
  instance = { ...instance, client: createClient({ baseUrl: instance.url, token: stdout.trim() }) };
  await until("MiniRun is well", async () => (await (await fetch(`${instance.url}/health`)).json()).status === "ok");
});
afterAll(async () => {
  await provider?.close();
  if (folder) expect(await takeDown(folder.name, folder.folder, folder.environment)).toEqual([]);
});

/** What a browser sends after these answers. */
const kept = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .filter((cookie) => !/max-age=0/i.test(cookie))
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");

/** A call as a page makes it. */
const call = (path: string, { cookie = "", body }: { cookie?: string; body?: object } = {}) =>
  fetch(`${instance.url}/api/v1${path}`, {
    method: body ? "POST" : "GET",
    headers: { cookie, origin: instance.url, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });

const whoami = async (cookie: string) => {
  const answer = await call("/whoami", { cookie });
  return answer.ok ? ((await answer.json()) as { id: string; name: string; role: Role }) : answer.status;
};

async function throughProvider() {
  const begun = await call("/sign-in/oidc", { body: { next: "/containers" } });
  expect(begun.status, await begun.clone().text()).toBe(200);
  const { url } = (await begun.json()) as { url: string };
  const callback = await leaveProvider(url);
  expect(new URL(callback).origin).toBe(instance.url);
  const answer = await fetch(callback, { redirect: "manual", headers: { cookie: kept(begun) } });
  return { location: answer.headers.get("location"), cookie: kept(answer) };
}

describe("people", () => {
  it("come by a link, sign in with their password, and out", async () => {
    const { path, person } = await instance.client.call("invitePerson", {
      body: { email: "grace@example.net", role: "operator" },
    });
    const code = new URL(path, instance.url).searchParams.get("code");
    const accepted = await call("/invitations/accept", { body: { code, name: "Grace", password } });
    expect(accepted.status, await accepted.clone().text()).toBe(204);
    expect(await whoami(kept(accepted))).toMatchObject({ id: person.id, name: "Grace", role: "operator" });
    const wrong = await call("/sign-in", { body: { email: "grace@example.net", password: `${password}!` } });
    expect([wrong.status, (await wrong.json()).code]).toEqual([401, "unauthenticated"]);
    const cookie = kept(await call("/sign-in", { body: { email: "grace@example.net", password } }));
    expect(await whoami(cookie)).toMatchObject({ id: person.id });
    expect((await call("/sign-out", { cookie, body: {} })).status).toBe(204);
    expect(await whoami(cookie)).toBe(401);
    expect(await whoami(kept(accepted))).toMatchObject({ id: person.id });
  });

  it("come through the provider that the settings name, as viewers, and lose what is open once disabled", async () => {
    const page = await fetch(`${instance.url}/sign-in`, { headers: { accept: "text/html" } });
    expect(await page.text()).toContain("Sign in with Example SSO");
    const { location, cookie } = await throughProvider();
    expect(location).toBe("/containers");
    const ada = await whoami(cookie);
    expect(ada).toMatchObject({ name: "Ada", role: "viewer" });
    if (typeof ada === "number") return;
    const stream = await call("/events", { cookie });
    expect(stream.status).toBe(200);
    const ended = stream.text().then(Date.now, Date.now);
    const began = Date.now();
    await instance.client.call("updatePerson", { params: { id: ada.id }, body: { disabled: true } });
    expect((await ended) - began).toBeLessThan(1_000);
    expect(await whoami(cookie)).toBe(401);
    expect(await throughProvider()).toEqual({ location: "/sign-in?error=disabled", cookie: "" });
  });

  it("let others watch by a link for as long as they may themselves, or until an administrator ends it", async () => {
    const { client } = instance;
    const { path, person } = await client.call("invitePerson", {
      body: { email: "linus@example.net", role: "operator" },
    });
    const code = new URL(path, instance.url).searchParams.get("code");
    const cookie = kept(await call("/invitations/accept", { body: { code, name: "Linus", password } }));
    await client.call("createContainer", { body: { name: "watched", command: ["sleep", "600"] } });
    await client.call("startContainer", { params: { name: "watched" } });
    const opened = await call("/containers/watched/sessions", { cookie, body: { mode: "attach", cols: 80, rows: 24 } });
    const { sessionId: id } = (await opened.json()) as { sessionId: string };
    const share = async () => {
      const made = await call(`/sessions/${id}/shares`, { cookie, body: { minutes: 15 } });
      return ((await made.json()) as { code: string }).code;
    };
    const redeem = async (shared: string) => (await call("/shares/redeem", { body: { code: shared } })).status;
    const ended = await share();
    expect(await redeem(ended)).toBe(200);
    await client.call("deleteShares", { params: { id } });
    expect(await redeem(ended)).toBe(404);
    const shared = await share();
    await client.call("updatePerson", { params: { id: person.id }, body: { disabled: true } });
    await until("the link ends", async () => (await redeem(shared)) === 404);
  });

  it("read why a provider whose secret can't be read is no way in, and MiniRun goes on", async () => {
    expect(welcome).toMatch(/client secret in \S+no-such-secret cannot be used: ENOENT.*goes on without/s);
    const refused = await call("/sign-in/github", { body: {} });
    expect(await refused.json()).toMatchObject({
      status: 503,
      code: "provider-unavailable",
      detail: expect.stringContaining("secret"),
    });
  });
});
