import type { GenericOAuthConfig } from "better-auth/plugins/generic-oauth";
import * as z from "zod";
import type { Config } from "../../lib/config.ts";
import type { ProviderName } from "../../lib/contract/person.ts";
import type { Secrets } from "../secrets.ts";

type Settings = { config: Pick<Config, "signIn">; secrets: Pick<Secrets, "clientSecrets"> };

/** How better-auth speaks to a provider; null when the settings name none of that name. */
export function providerConfig(
  name: ProviderName,
  { config: { signIn }, secrets: { clientSecrets } }: Settings,
): GenericOAuthConfig | null {
  if (name === "oidc") return signIn.oidc && oidc(signIn.oidc, clientSecrets.oidc);
  return signIn.github && github(signIn.github, clientSecrets.github);
}

/**
 * OpenID Connect by discovery. An answer counts when its ID token is signed by a key of the provider, is made for this
 * client, carries this attempt's nonce, and names the issuer and the same subject as the profile.
 */
function oidc(
  { issuer, clientId }: NonNullable<Config["signIn"]["oidc"]>,
  clientSecret: string | undefined,
): GenericOAuthConfig {
  return {
    providerId: "oidc",
    discoveryUrl: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    scopes: ["openid", "email", "profile"],
    pkce: true,
    requireIdTokenVerification: true,
    accountSubject: ({ tokens, profile }) => {
      if (!tokens.idToken) throw new Error("the provider's answer has no ID token");
      return String(profile.sub ?? "");
    },
  };
}

const GitHubUser = z.looseObject({ id: z.int(), login: z.string(), name: z.string().nullish() });
const GitHubEmails = z.array(z.looseObject({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** GitHub, or a GitHub Enterprise Server, speaks OAuth 2 with an API of its own for who somebody is. */
function github(
  { url, clientId }: NonNullable<Config["signIn"]["github"]>,
  clientSecret: string | undefined,
): GenericOAuthConfig {
  const apiUrl = url === "https://github.com" ? "https://api.github.com" : `${url}/api/v3`;
  return {
    providerId: "github",
    authorizationUrl: `${url}/login/oauth/authorize`,
    tokenUrl: `${url}/login/oauth/access_token`,
    authorizationHeaders: { accept: "application/json" },
    clientId,
    clientSecret: clientSecret ?? "",
    scopes: ["read:user", "user:email"],
    pkce: true,
    getUserInfo: async ({ accessToken }) => {
      if (!accessToken) return null;
      const [user, emails] = await Promise.all([
        ask(`${apiUrl}/user`, accessToken, GitHubUser),
        ask(`${apiUrl}/user/emails`, accessToken, GitHubEmails),
      ]);
      const email = emails.find(({ primary }) => primary);
      return {
        id: String(user.id),
        name: user.name || user.login,
        ...(email && { email: email.email }),
        emailVerified: email?.verified ?? false,
      };
    },
    accountSubject: ({ profile }) => String(profile.id ?? ""),
  };
}

const answerWithinMs = 10_000;

async function ask<S extends z.ZodType>(url: string, token: string, schema: S): Promise<z.output<S>> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "user-agent": "MiniRun" },
    redirect: "error",
    signal: AbortSignal.timeout(answerWithinMs),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return schema.parse(await response.json());
}
