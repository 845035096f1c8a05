import { hostname } from "node:os";
import { join } from "node:path";
import * as z from "zod";

const absolutePath = z.string().regex(/^\/[^\0]*$/, "must be an absolute path");
const userName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, "must be the name of a system user");

const port = z.coerce.number().int().min(1).max(65_535);

/** Values between commas. */
function list<T extends z.ZodType<string, string>>(item: T) {
  return z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .pipe(z.array(item));
}

const domain = z.string().regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/, "must be domains such as example.org");

/** Passwords go there: in the clear only where nobody is between. */
const providerUrl = z
  .string()
  .regex(
    /^https:\/\/[^\s?#]+$|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/[^\s?#]*)?$/,
    "must be an address with https:// (http:// on this machine alone)",
  );

const Environment = z.object({
  MINIRUN_HOME: absolutePath.default("/var/lib/minirun"),
  MINIRUN_RUN: absolutePath.default("/run/minirun"),
  MINIRUN_CONFIG: absolutePath.default("/etc/minirun/config.json"),
  MINIRUN_CGROUP: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, "must be one path component")
    .default("minirun"),
  MINIRUN_HOST: z.string().min(1).default("127.0.0.1"),
  MINIRUN_PORT: port.default(8080),
  MINIRUN_WEB_USER: userName.default("minirun-web"),
  MINIRUN_WEB: z.enum(["child", "unit"]).default("child"),
  MINIRUN_DB_USER: userName.default("minirun-db"),
  MINIRUN_NODE: z.string().min(1).max(100).default(hostname()),
  MINIRUN_AUDIT_DAYS: z.coerce.number().int().min(1).max(36_500).default(365),
  MINIRUN_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  MINIRUN_NO_AUTH: z.stringbool().default(false),
  MINIRUN_TLS_PORT: port.default(8443),
  MINIRUN_TLS_CERT: absolutePath.optional(),
  MINIRUN_TLS_KEY: absolutePath.optional(),
  MINIRUN_NAMES: list(z.string().regex(/^[A-Za-z0-9.-]+$|^[0-9a-fA-F:.]+$/, "must be names or addresses without port")),
  MINIRUN_CORS_ORIGINS: list(
    z.string().regex(/^https?:\/\/[^/\s*]+$/, "must be origins such as https://ops.example.org; * would be everyone"),
  ),
  MINIRUN_TRUSTED_PROXIES: list(
    z
      .string()
      .regex(/^[0-9a-fA-F:.]+(\/\d{1,3})?$/, "must be addresses such as 10.0.0.7 or networks such as 10.0.0.0/24"),
  ),
  MINIRUN_OIDC_ISSUER: providerUrl.optional(),
  MINIRUN_OIDC_CLIENT_ID: z.string().optional(),
  MINIRUN_OIDC_CLIENT_SECRET_FILE: absolutePath.optional(),
  MINIRUN_OIDC_NAME: z.string().max(40).default("single sign-on"),
  MINIRUN_OIDC_ALLOWED_DOMAINS: list(domain),
  MINIRUN_GITHUB_URL: providerUrl.default("https://github.com"),
  MINIRUN_GITHUB_CLIENT_ID: z.string().optional(),
  MINIRUN_GITHUB_CLIENT_SECRET_FILE: absolutePath.optional(),
  MINIRUN_GITHUB_ALLOWED_DOMAINS: list(domain),
  DATABASE_URL: z.string().startsWith("postgres").optional(),
  DB_HOST: z.string().optional(),
  DB_PORT: port.default(5432),
  DB_USER: z.string().default("minirun"),
  DB_PASSWORD: z.string().optional(),
  DB_NAME: z.string().default("minirun"),
  DB_SSLMODE: z.enum(["disable", "require", "verify-ca", "verify-full"]).optional(),
  DB_POOL_MAX: z.coerce.number().int().min(2).max(200).default(10),
});

interface ProviderSettings {
  clientId: string;
  /** Read by root alone. Null for a public client, and in the web process, which gets the secret by a pipe. */
  clientSecretFile: string | null;
  /** In lower case. Whose verified address is of one of these may come in without an invitation, as a viewer. */
  allowedDomains: string[];
}

/** An OpenID Connect provider. `name` stands on the button. */
export type OidcSettings = ProviderSettings & { issuer: string; name: string };

/** GitHub, or a GitHub Enterprise Server at `url`. */
export type GitHubSettings = ProviderSettings & { url: string };

/** Settings of one installation: where its state lies, what it listens on, who its users are. */
export interface Config {
  home: string;
  run: string;
  /** Written by root alone: which host paths may become images. */
  configFile: string;
  /** Name of the cgroup below which every container has its own. */
  cgroup: string;
  host: string;
  port: number;
  /** Whoever asks from this machine is its operator, without signing in. */
  noAuth: boolean;
  webUser: string;
  /** Who starts the web process: the supervisor, or systemd by a unit of its own (systemd/minirun-web.service). */
  web: "child" | "unit";
  dbUser: string;
  node: string;
  /** How long entries of the audit are kept. */
  auditDays: number;
  logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** HTTPS is there once both files are; they are read by root alone. */
  tls: { port: number; certificate: string; key: string };
  /** Further names that this installation is reached by: a proxy's, a load balancer's. */
  names: string[];
  /** Origins whose pages may call the API. */
  corsOrigins: string[];
  /** Addresses and networks (CIDR) whose X-Forwarded-* headers are believed. */
  trustedProxies: string[];
  /** Identity providers by which people sign in beside the password; null where the settings name none. */
  signIn: { oidc: OidcSettings | null; github: GitHubSettings | null };
  /** An outside PostgreSQL; null means the embedded one, reached by its socket in `run/postgres`. */
  databaseUrl: string | null;
  /** Connections that the web process opens at most. */
  databasePool: number;
}

/**
 * Reads the settings from the environment; the only place that does.
 * Throws an Error that names each variable which does not fit and what was expected.
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw new Error(`The settings do not fit: ${faults.join("; ")}. Correct or unset them.`);
  }
  const values = parsed.data;
  if (values.MINIRUN_NO_AUTH) requireLoopback(values);
  return {
    home: values.MINIRUN_HOME,
    run: values.MINIRUN_RUN,
    configFile: values.MINIRUN_CONFIG,
    cgroup: values.MINIRUN_CGROUP,
    host: values.MINIRUN_HOST,
    port: values.MINIRUN_PORT,
    noAuth: values.MINIRUN_NO_AUTH,
    webUser: values.MINIRUN_WEB_USER,
    web: values.MINIRUN_WEB,
    dbUser: values.MINIRUN_DB_USER,
    node: values.MINIRUN_NODE,
    auditDays: values.MINIRUN_AUDIT_DAYS,
    logLevel: values.MINIRUN_LOG_LEVEL,
    tls: {
      port: values.MINIRUN_TLS_PORT,
      certificate: values.MINIRUN_TLS_CERT ?? join(values.MINIRUN_HOME, "certs/server.crt"),
      key: values.MINIRUN_TLS_KEY ?? join(values.MINIRUN_HOME, "certs/server.key"),
    },
    names: values.MINIRUN_NAMES,
    corsOrigins: values.MINIRUN_CORS_ORIGINS.map((origin) => origin.toLowerCase()),
    trustedProxies: values.MINIRUN_TRUSTED_PROXIES,
    signIn: { oidc: oidcOf(values), github: gitHubOf(values) },
    databaseUrl: values.DATABASE_URL ?? urlOf(values),
    databasePool: values.DB_POOL_MAX,
  };
}

/** Without sign-in only this machine may reach MiniRun. Throws an Error that says what stands against that. */
function requireLoopback({ MINIRUN_HOST: host, MINIRUN_TRUSTED_PROXIES: proxies }: z.output<typeof Environment>): void {
  const why = "without sign-in whoever reaches MiniRun is root on this machine";
  if (!isLoopback(host)) {
    throw new Error(
      `--no-auth (MINIRUN_NO_AUTH) is refused: MINIRUN_HOST is ${host}, and ${why}. Listen on 127.0.0.1.`,
    );
  }
  if (proxies.length > 0) {
    throw new Error(`--no-auth (MINIRUN_NO_AUTH) is refused beside MINIRUN_TRUSTED_PROXIES: ${why}, by the proxy too.`);
  }
}

/** Whether only this machine reaches what listens on an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function oidcOf(values: z.output<typeof Environment>): OidcSettings | null {
  const { MINIRUN_OIDC_ISSUER: issuer, MINIRUN_OIDC_CLIENT_ID: clientId } = values;
  if (!issuer && !clientId) return null;
  if (!issuer || !clientId) {
    throw new Error(
      "The settings do not fit: MINIRUN_OIDC_ISSUER and MINIRUN_OIDC_CLIENT_ID need each other. Set both.",
    );
  }
  return {
    issuer,
    name: values.MINIRUN_OIDC_NAME,
    clientId,
    clientSecretFile: values.MINIRUN_OIDC_CLIENT_SECRET_FILE ?? null,
    allowedDomains: values.MINIRUN_OIDC_ALLOWED_DOMAINS.map((name) => name.toLowerCase()),
  };
}

function gitHubOf(values: z.output<typeof Environment>): GitHubSettings | null {
  if (!values.MINIRUN_GITHUB_CLIENT_ID) return null;
  return {
    url: values.MINIRUN_GITHUB_URL.replace(/\/$/, ""),
    clientId: values.MINIRUN_GITHUB_CLIENT_ID,
    clientSecretFile: values.MINIRUN_GITHUB_CLIENT_SECRET_FILE ?? null,
    allowedDomains: values.MINIRUN_GITHUB_ALLOWED_DOMAINS.map((name) => name.toLowerCase()),
  };
}

/** The address of the database that the DB_* variables name; null without DB_HOST, which a socket's folder may be, too. */
function urlOf(values: z.output<typeof Environment>): string | null {
  const { DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_SSLMODE } = values;
  if (!DB_HOST) return null;
  const isFolder = DB_HOST.startsWith("/");
  const host = DB_HOST.includes(":") ? `[${DB_HOST}]` : isFolder ? "" : DB_HOST;
  const who = encodeURIComponent(DB_USER) + (DB_PASSWORD ? `:${encodeURIComponent(DB_PASSWORD)}` : "");
  const search = new URLSearchParams({
    ...(isFolder && { host: DB_HOST }),
    ...(DB_SSLMODE && { sslmode: DB_SSLMODE }),
  });
  const query = search.size > 0 ? `?${search}` : "";
  return `postgres://${who}@${isFolder ? "localhost" : host}:${DB_PORT}/${encodeURIComponent(DB_NAME)}${query}`;
}

/** The files and folders of an installation that more than one process knows. */
export function paths(config: Pick<Config, "home" | "run">) {
  return {
    containers: join(config.home, "containers"),
    outbox: join(config.home, "outbox"),
    images: join(config.home, "images"),
    layers: join(config.home, "layers"),
    cache: join(config.home, "cache"),
    links: join(config.home, "links.json"),
    access: join(config.home, "access.json"),
    postgres: join(config.home, "postgres"),
    release: join(config.home, "release"),
    operatorToken: join(config.home, "operator-token"),
    sessionSecret: join(config.home, "session-secret"),
    workerSocket: join(config.run, "worker.sock"),
    /** Where a web process that is a unit of its own gets its secrets. */
    webSocket: join(config.run, "web.sock"),
    runContainers: join(config.run, "containers"),
    postgresSocket: join(config.run, "postgres"),
    /** What the running supervisor says of itself: pid, start time, address. */
    supervisor: join(config.run, "supervisor.json"),
  };
}
