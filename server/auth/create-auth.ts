import { randomUUID } from "node:crypto";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError } from "better-auth/api";
import { type GenericOAuthConfig, genericOAuth } from "better-auth/plugins/generic-oauth";
import type { Logger } from "pino";
import { longestPassword, shortestPassword } from "../../lib/contract/person.ts";
import type { Store } from "../../lib/store/store.ts";
import { cookiePrefix } from "./cleared-cookies.ts";

/** Where providers send people back to, with their name behind it. */
export const callbackPath = "/api/auth/callback/";
/** Carries the client's address to better-auth; a client's own header of this name never gets there. */
export const addressHeader = "x-minirun-client-address";

const day = 24 * 60 * 60;
/** A session ends when it was not used for so long (seconds). */
const sessionSeconds = 7 * day;
/** For how long (seconds) a browser's signed copy of its session stands in for a database that is away. */
const copySeconds = day;

export interface AuthSettings {
  prisma: Store["prisma"];
  secret: string;
  /** Scheme, host and port by which the client reaches this server. */
  origin: string;
  log: Logger;
  provider: GenericOAuthConfig | null;
  /** Whether somebody who was not invited may come in with this verified address. */
  admits(email: string): boolean;
}

/**
 * better-auth for one origin: passwords (scrypt), sessions, and one provider or none. None of its own routes is open but
 * the callback; what people do goes through the contract's calls, which use its functions.
 */
export function createAuth({ prisma, secret, origin, log, provider, admits }: AuthSettings) {
  const strict = { attributes: { sameSite: "strict" as const } };
  return betterAuth({
    appName: "MiniRun",
    baseURL: origin,
    basePath: "/api/auth",
    secret,
    telemetry: { enabled: false },
    logger: { log: (level, message) => log[level === "error" ? "warn" : "debug"]({ part: "sign-in" }, message) },
    onAPIError: { errorURL: `${origin}/sign-in` },
    rateLimit: { enabled: false },
    database: prismaAdapter(prisma, { provider: "postgresql", transaction: true }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
    },
    user: {
      modelName: "person",
      additionalFields: {
        role: { type: "string", input: false, defaultValue: "viewer" },
        disabledAt: { type: "date", input: false, required: false },
        joinedAt: { type: "date", input: false, required: false },
      },
      validateUserInfo: ({ user, source }) => {
        if (!user.emailVerified) return { error: "email_not_verified" };
        if (source.action === "create-user" && !admits(String(user.email))) return { error: "not_invited" };
      },
    },
    session: {
      modelName: "personSession",
      expiresIn: sessionSeconds,
      updateAge: day,
      cookieCache: { enabled: true, maxAge: copySeconds },
      additionalFields: { lastUsedAt: { type: "date", input: false, required: false } },
    },
    account: { modelName: "personAccount", updateAccountOnSignIn: false },
    verification: { modelName: "personVerification" },
    advanced: {
      cookiePrefix: cookiePrefix(origin),
      useSecureCookies: false,
      defaultCookieAttributes: { secure: origin.startsWith("https:") },
      // The provider's answer comes from another site: the cookie that it must fit has to come along.
      cookies: { session_token: strict, session_data: strict },
      ipAddress: { ipAddressHeaders: [addressHeader], ipv6Subnet: 128 },
      database: { generateId: () => randomUUID() },
    },
    databaseHooks: {
      // Nothing is asked of a provider later on: what it gave for that is not kept.
      account: {
        create: {
          before: async (account) => ({
            data: {
              ...account,
              accessToken: null,
              refreshToken: null,
              idToken: null,
              accessTokenExpiresAt: null,
              refreshTokenExpiresAt: null,
            },
          }),
        },
      },
      session: { create: sessionHooks(prisma) },
    },
    plugins: provider ? [genericOAuth({ config: [provider] })] : [],
  });
}

/** Nobody who was disabled gets in, whichever way; whoever does needs no invitation any more. */
function sessionHooks(prisma: Store["prisma"]) {
  return {
    before: async ({ userId }: { userId: string }) => {
      const person = await prisma.person.findUnique({ where: { id: userId } });
      if (!person || person.disabledAt) {
        throw new APIError("FORBIDDEN", { code: "disabled", message: "This account is disabled" });
      }
    },
    after: async ({ userId }: { userId: string }) => {
      await prisma.$transaction([
        prisma.personInvitation.deleteMany({ where: { personId: userId } }),
        prisma.person.updateMany({ where: { id: userId, joinedAt: null }, data: { joinedAt: new Date() } }),
      ]);
    },
  };
}

export type Auth = ReturnType<typeof createAuth>;
