import { createSign, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

/** Somebody whom the provider knows; `sub` is made of the address. */
export interface KnownUser {
  email: string;
  email_verified: boolean;
  name: string;
}

/** What is wrong with an ID token; everything else about it is as it should be. */
export type Lie = "audience" | "issuer" | "nonce" | "key" | "missing";

/** A real OpenID Connect provider (oidc-provider) that signs in whoever `user` is without asking. */
export interface IdentityProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  user: KnownUser;
  /** Put into the ID tokens from now on; null for the truth. */
  lie: Lie | null;
  close(): Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  let handle: ReturnType<Provider["callback"]> | null = null;
  const server = createServer((request, response) => handle?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the provider does not listen");
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const another = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const known = new Map<string, KnownUser>();
  const state: IdentityProvider = {
    issuer: `http://127.0.0.1:${address.port}`,
    clientId: "minirun",
    clientSecret: randomUUID(),
    user: { email: "ada@example.org", email_verified: true, name: "Ada" },
    lie: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const provider = new Provider(state.issuer, {
    clients: [
      {
        client_id: state.clientId,
        client_secret: state.clientSecret,
        redirect_uris: ["http://127.0.0.1/"],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: [randomUUID()] },
    features: { devInteractions: { enabled: false } },
    jwks: { keys: [{ ...own.export({ format: "jwk" }), kid: "own", use: "sig", alg: "RS256" }] },
    pkce: { required: () => true },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    findAccount: (_, id) => {
      const user = known.get(id);
      return user && { accountId: id, claims: () => ({ sub: id, ...user }) };
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: async (context) => {
      const { session, client } = context.oidc;
      const grant = new context.oidc.provider.Grant({ accountId: session?.accountId, clientId: client?.clientId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  // The port of who asks is not known when the provider starts.
  provider.Client.prototype.redirectUriAllowed = (uri: string) => uri.endsWith("/api/auth/callback/oidc");
  provider.use(async (context, next) => {
    if (context.path.startsWith("/interaction/")) {
      const accountId = `user-of-${state.user.email}`;
      known.set(accountId, state.user);
      await provider.interactionFinished(context.req, context.res, { login: { accountId, remember: false } });
      context.respond = false;
      return;
    }
    await next();
    tellLie(context, state.lie, state.lie === "key" ? another : own);
  });
  handle = provider.callback();
  return state;
}

function tellLie(context: { path: string; body?: unknown }, lie: Lie | null, key: KeyObject): void {
  if (lie === null || context.path !== "/token" || typeof context.body !== "object" || !context.body) return;
  const body = context.body as { id_token?: string };
  if (!body.id_token) return;
  if (lie === "missing") delete body.id_token;
  else body.id_token = forge(body.id_token, lie, key);
}

function forge(token: string, lie: Lie, key: KeyObject): string {
  const [header = "", payload = ""] = token.split(".");
  const claims = {
    ...JSON.parse(Buffer.from(payload, "base64url").toString()),
    ...(lie === "audience" && { aud: "another-client" }),
    ...(lie === "issuer" && { iss: "https://issuer.example.org" }),
    ...(lie === "nonce" && { nonce: "another" }),
  };
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${signed}.${createSign("sha256").update(signed).sign(key).toString("base64url")}`;
}

/** Goes where a browser would go from `url`, with cookies, until it leaves that origin; answers where to. */
export async function leaveProvider(url: string): Promise<string> {
  const cookies = new Map<string, string>();
  for (let target = new URL(url), hop = 0; hop < 10; hop += 1) {
    const response = await fetch(target, {
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (!location) throw new Error(`${target} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
    const next = new URL(location, target);
    if (next.origin !== target.origin) return next.href;
    target = next;
  }
  throw new Error("the provider redirects on and on");
}
