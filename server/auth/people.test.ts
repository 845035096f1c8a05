import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { InvitePerson } from "../../lib/contract/person.ts";
import { operator, type Principal } from "../../lib/contract/principal.ts";
import { migrate } from "../../lib/store/migrate.ts";
import { startTestPostgres, type TestPostgres } from "../../lib/store/testing/postgres.ts";
import {
  type IdentityProvider,
  type Lie,
  leaveProvider,
  startIdentityProvider,
} from "../../tests/support/identity-provider.ts";
import type { RequestContext } from "../request-context.ts";
import { changePassword, endBrowserSession, listBrowserSessions, readAccount } from "../services/account.ts";
import { acceptInvitation, readInvitation } from "../services/invitations.ts";
import {
  createSignInLink,
  deletePerson,
  invitePerson,
  listPeople,
  signOutPerson,
  updatePerson,
} from "../services/people.ts";
import { beginSignIn, signIn, signOut } from "../services/sign-in.ts";
import { startTestWeb, type TestWeb } from "../testing/fake-worker.ts";

const migrations = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));
const password = "correct horse battery";

let postgres: TestPostgres;
let provider: IdentityProvider;
let web: TestWeb;
let front: Server;
let origin: string;
let stopped = false;

beforeAll(async () => {
  [postgres, provider] = await Promise.all([startTestPostgres(), startIdentityProvider()]);
  await postgres.query("CREATE ROLE minirun_web LOGIN");
  await migrate(await postgres.createDatabase("web"), migrations);
  web = await startWeb({});
  front = createServer((request, response) => {
    const { cookie, "user-agent": userAgent } = request.headers;
    void web.context.people.callback({ origin, remote: "192.0.2.7", cookie, userAgent }, request, response);
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  const address = front.address();
  origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}, 60_000);

afterAll(async () => {
  front?.close();
  await web?.close();
  await provider?.close();
  if (!stopped) await postgres?.stop();
});

/** A web process with the rights that the real one has. */
function startWeb(settings: Record<string, string>): Promise<TestWeb> {
  return startTestWeb({
    databaseUrl: `postgresql://minirun_web@/web?host=${encodeURIComponent(postgres.socketDir)}`,
    settings: {
      MINIRUN_OIDC_ISSUER: provider.issuer,
      MINIRUN_OIDC_CLIENT_ID: provider.clientId,
      MINIRUN_OIDC_ALLOWED_DOMAINS: "example.org",
      ...settings,
    },
    clientSecrets: { oidc: provider.clientSecret },
  });
}

let visitors = 0;
/** A browser of its own, at an address of its own. */
function visitor(cookie?: string): RequestContext {
  visitors += 1;
  return {
    id: `request-${visitors}`,
    principal: null,
    credentialProblem: null,
    remote: `192.0.2.${visitors % 250}`,
    secure: false,
    origin,
    cookie,
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    note: {},
  };
}

/** What a browser sends after these Set-Cookie values. */
const kept = (cookies: readonly string[]) =>
  cookies
    .filter((cookie) => !/max-age=0/i.test(cookie))
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");

const who = (cookie: string, context = web.context) => context.principals.resolve({ cookie });

async function whoMust(cookie: string): Promise<Principal> {
  const principal = await who(cookie);
  if (!principal) throw new Error("the cookie signs nobody in");
  return principal;
}

/** Invites somebody who comes at once; answers the browser's cookies. */
async function join(email: string, role: InvitePerson["role"] = "viewer") {
  const { person, path } = await invitePerson(web.context, { email, role });
  const code = new URL(path, origin).searchParams.get("code") ?? "";
  const cookies = await acceptInvitation(web.context, { code, name: `${email}'s`, password }, visitor());
  return { person, code, cookie: kept(cookies) };
}

const problemCode = (code: string) => expect.objectContaining({ problem: expect.objectContaining({ code }) });

describe("people", () => {
  it("come by a one-time link with the role that it was made for, and sign in with their password after that", async () => {
    const { person, path } = await invitePerson(web.context, {
      email: "grace@example.org",
      name: "Grace",
      role: "operator",
    });
    expect(person).toMatchObject({ status: "invited", role: "operator", ways: [] });
    const code = new URL(path, origin).searchParams.get("code") ?? "";
    expect(await readInvitation(web.context, code, visitor())).toMatchObject({
      email: "grace@example.org",
      isNew: true,
    });
    const cookies = await acceptInvitation(web.context, { code, name: "Grace H", password }, visitor());
    expect(cookies.find((cookie) => cookie.startsWith("minirun.session_token="))).toMatch(/HttpOnly.*SameSite=Strict/i);
    expect(await who(kept(cookies))).toMatchObject({
      id: person.id,
      name: "Grace H",
      role: "operator",
      credential: { kind: "session" },
    });
    await expect(acceptInvitation(web.context, { code, name: "Eve", password }, visitor())).rejects.toEqual(
      problemCode("link-not-found"),
    );
    const again = await signIn(web.context, { email: " GRACE@example.org", password }, visitor());
    expect(await who(kept(again))).toMatchObject({ id: person.id });
    const listed = (await listPeople(web.context)).find(({ id }) => id === person.id);
    expect(listed).toMatchObject({ status: "active", ways: ["password"], sessions: 2, linkExpiresAt: null });
    const { rows } = await postgres.query("SELECT password FROM people_accounts", "web");
    expect(JSON.stringify(rows)).not.toContain(password);
  });

  it("are refused alike with a wrong password and an unknown address, and after twenty failures whatever they send", async () => {
    await join("alan@example.org");
    const attempt = (email: string, given: string) => signIn(web.context, { email, password: given }, visitor());
    await expect(attempt("alan@example.org", "wrong")).rejects.toEqual(problemCode("unauthenticated"));
    await expect(attempt("nobody@example.org", "wrong")).rejects.toEqual(problemCode("unauthenticated"));
    for (let failures = 1; failures < 20; failures += 1) web.context.passwordAttempts.count("alan@example.org");
    await expect(attempt("alan@example.org", password)).rejects.toEqual(problemCode("too-many-requests"));
    web.context.passwordAttempts.reset("alan@example.org");
    expect(await attempt("alan@example.org", password)).not.toEqual([]);
  });

  it("are nobody with a cookie that is forged, changed, another's or over", async () => {
    const { cookie } = await join("edsger@example.org");
    const other = await join("tony@example.org");
    const part = (text: string, name: string) => text.split("; ").find((one) => one.startsWith(name)) ?? "";
    const [value] = /(?<==).*/.exec(part(cookie, "minirun.session_token")) ?? [""];
    const [token, signature] = decodeURIComponent(value).split(".");
    for (const forged of [
      `${token}.AAAA`,
      `other.${signature}`,
      String(token),
      "",
      ".",
      "%",
      `${token}.${signature}x.y`,
    ]) {
      expect(await who(`minirun.session_token=${encodeURIComponent(forged)}`)).toBeNull();
    }
    // A copy alone is worth nothing, nor another's beside the token of a session that has ended.
    expect(await who(part(cookie, "minirun.session_data"))).toBeNull();
    const context = { ...visitor(cookie), principal: await who(cookie) };
    expect(kept(await signOut(web.context, context))).toBe("");
    expect(await who(cookie)).toBeNull();
    expect(
      await who(`${part(cookie, "minirun.session_token")}; ${part(other.cookie, "minirun.session_data")}`),
    ).toBeNull();
    await postgres.query("UPDATE people_sessions SET expires_at = now() - interval '1 second'", "web");
    await expect.poll(() => who(other.cookie), { timeout: 3_000 }).toBeNull();
  });

  it("lose at once what a changed role no longer allows, and everything when they are disabled or deleted", async () => {
    const { person, cookie } = await join("barbara@example.org", "administrator");
    const ended: string[] = [];
    const open = async (needed: "viewer" | "operator") =>
      web.context.openStreams.add({ principal: await whoMust(cookie), needed, end: () => ended.push(needed) });
    await open("operator");
    const close = await open("viewer");
    await updatePerson(web.context, operator, person.id, { role: "viewer" });
    expect(ended).toEqual(["operator"]);
    expect(await who(cookie)).toMatchObject({ role: "viewer" });
    close();
    await open("viewer");
    const { status } = await updatePerson(web.context, operator, person.id, { disabled: true });
    expect(status).toBe("disabled");
    expect(ended).toContain("viewer");
    expect(await who(cookie)).toBeNull();
    const attempt = () => signIn(web.context, { email: "barbara@example.org", password }, visitor());
    await expect(attempt()).rejects.toEqual(problemCode("forbidden"));
    await updatePerson(web.context, operator, person.id, { disabled: false });
    const back = kept(await attempt());
    expect(await who(back)).toMatchObject({ role: "viewer" });
    await deletePerson(web.context, operator, person.id);
    expect(await who(back)).toBeNull();
    await expect(attempt()).rejects.toEqual(problemCode("unauthenticated"));
  });

  it("can't change, disable or delete themselves, nor end another's session", async () => {
    const { person, cookie } = await join("margaret@example.org", "administrator");
    const self = await whoMust(cookie);
    const refused = problemCode("own-account");
    await expect(updatePerson(web.context, self, person.id, { role: "viewer" })).rejects.toEqual(refused);
    await expect(deletePerson(web.context, self, person.id)).rejects.toEqual(refused);
    const other = await whoMust((await join("katherine@example.org")).cookie);
    await expect(endBrowserSession(web.context, self, other.credential.id)).rejects.toEqual(
      problemCode("session-not-found"),
    );
    await expect(readAccount(web.context, operator)).rejects.toEqual(problemCode("not-found"));
    await expect(updatePerson(web.context, self, "nobody", { name: "x" })).rejects.toEqual(
      problemCode("person-not-found"),
    );
  });

  it("see their browsers, end one, and end all others with a new password; a new link ends them all", async () => {
    const { person, cookie } = await join("radia@example.org");
    const second = kept(await signIn(web.context, { email: "radia@example.org", password }, visitor()));
    const self = await whoMust(cookie);
    const sessions = await listBrowserSessions(web.context, self);
    expect(sessions.map(({ current, device }) => [current, device])).toEqual(
      expect.arrayContaining([
        [true, "Firefox on Linux"],
        [false, "Firefox on Linux"],
      ]),
    );
    await endBrowserSession(web.context, self, (await whoMust(second)).credential.id);
    expect(await who(second)).toBeNull();
    const third = kept(await signIn(web.context, { email: "radia@example.org", password }, visitor()));
    await expect(changePassword(web.context, self, { current: "wrong", password: "another good one" })).rejects.toEqual(
      problemCode("validation-failed"),
    );
    await changePassword(web.context, self, { current: password, password: "another good one" });
    expect([(await who(cookie))?.id, await who(third)]).toEqual([person.id, null]);
    const { path } = await createSignInLink(web.context, person.id);
    const code = new URL(path, origin).searchParams.get("code") ?? "";
    const fourth = kept(await acceptInvitation(web.context, { code, name: "Radia", password }, visitor()));
    expect([await who(cookie), (await who(fourth))?.id]).toEqual([null, person.id]);
    await signOutPerson(web.context, person.id);
    expect(await who(fourth)).toBeNull();
  });
});

/** A sign-in through the provider, as a browser does it; answers where it ends and with which cookies. */
async function throughProvider(browser = visitor(), context = web.context) {
  const { url, cookies } = await beginSignIn(context, "oidc", "/containers", browser);
  const answer = await fetch(await leaveProvider(url), { redirect: "manual", headers: { cookie: kept(cookies) } });
  return { location: answer.headers.get("location"), cookie: kept(answer.headers.getSetCookie()) };
}

describe("an OpenID Connect provider", () => {
  afterEach(() => {
    provider.lie = null;
    provider.user = { email: "ada@example.org", email_verified: true, name: "Ada" };
  });

  it("brings in viewers of an allowed domain, as the same person each time", async () => {
    const first = await throughProvider();
    expect(first.location).toBe("/containers");
    const person = await whoMust(first.cookie);
    expect(person).toMatchObject({ name: "Ada", role: "viewer" });
    expect(await who((await throughProvider()).cookie)).toMatchObject({ id: person.id });
    const { rows } = await postgres.query("SELECT * FROM people_accounts WHERE provider_id = 'oidc'", "web");
    expect(rows).toMatchObject([{ access_token: null, refresh_token: null, id_token: null }]);
    await updatePerson(web.context, operator, person.id, { disabled: true });
    expect(await throughProvider()).toMatchObject({ location: "/sign-in?error=disabled", cookie: "" });
    await deletePerson(web.context, operator, person.id);
  });

  it("refuses addresses that are not allowed or not verified, and lets in whoever was invited", async () => {
    provider.user = { email: "eve@example.com", email_verified: true, name: "Eve" };
    expect(await throughProvider()).toMatchObject({ location: "/sign-in?error=not_invited", cookie: "" });
    const { person } = await invitePerson(web.context, { email: "eve@example.com", role: "operator" });
    provider.user = { ...provider.user, email_verified: false };
    expect((await throughProvider()).location).toMatch(/^\/sign-in\?error=/);
    provider.user = { ...provider.user, email_verified: true };
    expect(await who((await throughProvider()).cookie)).toMatchObject({ id: person.id, role: "operator" });
    provider.user = { email: "mallory@example.org", email_verified: false, name: "Mallory" };
    expect((await throughProvider()).location).toBe("/sign-in?error=email_not_verified");
  });

  it.each<Lie>(["audience", "issuer", "nonce", "key", "missing"])("is not believed when it lies: %s", async (lie) => {
    provider.lie = lie;
    expect(await throughProvider()).toMatchObject({ location: "/sign-in?error=unable_to_get_user_info", cookie: "" });
  });

  it("must answer this very browser's attempt, once", async () => {
    const { url, cookies } = await beginSignIn(web.context, "oidc", "/", visitor());
    const callback = await leaveProvider(url);
    const come = (cookie: string) => fetch(callback, { redirect: "manual", headers: { cookie } });
    expect((await come("")).headers.get("location")).toMatch(/^\/sign-in\?error=state_mismatch/);
    const mine = await beginSignIn(web.context, "oidc", "/", visitor());
    expect((await come(kept(mine.cookies))).headers.get("location")).toMatch(/^\/sign-in\?error=state_mismatch/);
    expect((await come(kept(cookies))).headers.get("location")).toBe("/");
    expect((await come(kept(cookies))).headers.get("location")).toMatch(/^\/sign-in\?error=/);
  });

  it("must be who the settings say, and there", async () => {
    const away = await startWeb({ MINIRUN_OIDC_ISSUER: `${provider.issuer}/` });
    const refused = problemCode("provider-unavailable");
    await expect(beginSignIn(away.context, "oidc", "/", visitor())).rejects.toEqual(refused);
    await expect(beginSignIn(away.context, "github", "/", visitor())).rejects.toEqual(problemCode("not-found"));
    await away.close();
  });
});

// Last: the database goes away for good.
it("leaves those signed in who are, when the database goes away", async () => {
  const { cookie } = await join("hedy@example.org", "operator");
  const { cookie: signedOut } = await join("joan@example.org");
  await signOut(web.context, { ...visitor(signedOut), principal: await who(signedOut) });
  const reborn = await startWeb({});
  await postgres.stop();
  stopped = true;
  const started = performance.now();
  expect(await who(cookie)).toMatchObject({ role: "operator" });
  expect(await who(cookie, reborn.context)).toMatchObject({ role: "operator" });
  expect(await who(signedOut).catch(() => null)).toBeNull();
  const withoutCopy = cookie.split("; ").find((part) => part.startsWith("minirun.session_token")) ?? "";
  await expect(who(withoutCopy, reborn.context)).resolves.toMatchObject({ role: "operator" });
  const strange = await startWeb({});
  await expect(who(withoutCopy, strange.context)).rejects.toEqual(problemCode("database-unavailable"));
  await expect(signIn(web.context, { email: "hedy@example.org", password }, visitor())).rejects.toEqual(
    problemCode("database-unavailable"),
  );
  expect(performance.now() - started).toBeLessThan(4_000);
  await Promise.all([reborn.close(), strange.close()]);
});
