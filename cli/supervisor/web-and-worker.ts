import { get, type RequestOptions } from "node:http";
import { type Config, paths } from "../../lib/config.ts";
import { version } from "../installation.ts";
import { dialAddress } from "./address.ts";
import { readClientSecrets } from "./client-secrets.ts";
import { logFolder } from "./folders.ts";
import { launchProcess, type Part } from "./part.ts";
import { asRoot, asUser, asWorker } from "./privileges.ts";
import type { StopStep } from "./process-identity.ts";
import type { Release } from "./release.ts";
import { hashToken, type Secrets } from "./secrets.ts";
import type { SystemUser } from "./system-users.ts";
import type { TlsFiles } from "./tls-files.ts";

/** They close what is open on SIGTERM; containers go on. */
export const nodeStopSteps: readonly StopStep[] = [
  ["SIGTERM", 15_000],
  ["SIGKILL", 5_000],
];

/** The settings as the environment variables that {@link readConfig} reads them from, but the database's. */
export function settingsEnvironment(config: Config): Record<string, string> {
  return {
    MINIRUN_HOME: config.home,
    MINIRUN_RUN: config.run,
    MINIRUN_CONFIG: config.configFile,
    MINIRUN_CGROUP: config.cgroup,
    MINIRUN_HOST: config.host,
    MINIRUN_PORT: String(config.port),
    MINIRUN_NO_AUTH: String(config.noAuth),
    MINIRUN_WEB_USER: config.webUser,
    MINIRUN_DB_USER: config.dbUser,
    MINIRUN_NODE: config.node,
    MINIRUN_AUDIT_DAYS: String(config.auditDays),
    MINIRUN_LOG_LEVEL: config.logLevel,
    MINIRUN_TLS_PORT: String(config.tls.port),
    MINIRUN_TLS_CERT: config.tls.certificate,
    MINIRUN_TLS_KEY: config.tls.key,
    MINIRUN_NAMES: config.names.join(","),
    MINIRUN_CORS_ORIGINS: config.corsOrigins.join(","),
    MINIRUN_TRUSTED_PROXIES: config.trustedProxies.join(","),
    DB_POOL_MAX: String(config.databasePool),
    ...providerEnvironment(config),
  };
}

/** Without the files of the secrets: what is in them comes by descriptor 3. */
function providerEnvironment({ signIn: { oidc, github } }: Config): Record<string, string> {
  return {
    ...(oidc && {
      MINIRUN_OIDC_ISSUER: oidc.issuer,
      MINIRUN_OIDC_NAME: oidc.name,
      MINIRUN_OIDC_CLIENT_ID: oidc.clientId,
      MINIRUN_OIDC_ALLOWED_DOMAINS: oidc.allowedDomains.join(","),
    }),
    ...(github && {
      MINIRUN_GITHUB_URL: github.url,
      MINIRUN_GITHUB_CLIENT_ID: github.clientId,
      MINIRUN_GITHUB_ALLOWED_DOMAINS: github.allowedDomains.join(","),
    }),
  };
}

/** How a program of ours is run: Node with the bundle, or with the sources in development. */
function nodeProcess(config: Config, release: Release, program: "worker" | "server") {
  const entry = release.development
    ? ["--import", "tsx", `${program}/main.ts`]
    : ["--enable-source-maps", `dist/${program}.js`];
  // Its settings, and little else of ours.
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LANG: "C.UTF-8",
    NODE_ENV: release.development ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    ...settingsEnvironment(config),
  };
  return { command: [release.node, ...entry], cwd: release.development ?? release.folder, env };
}

/** The process that carries operations out, as root, with the capabilities that it needs. */
export function workerPart(config: Config, release: Release): Part {
  const { command, cwd, env } = nodeProcess(config, release, "worker");
  return {
    name: "worker",
    stopSteps: nodeStopSteps,
    launch: () =>
      launchProcess({
        command: [...(release.development ? asRoot : asWorker), ...command],
        env: { ...env, ...(config.databaseUrl && { DATABASE_URL: config.databaseUrl }) },
        cwd,
        log: { folder: logFolder(config), name: "worker" },
      }),
    check: () => askHealth({ socketPath: paths(config).workerSocket, path: "/health" }),
  };
}

/**
 * The process that listens on the network, with a user of its own and no privileges; its secrets come by
 * descriptor 3, certificate and key, now and whenever they change, by descriptor 4.
 */
export function webPart(
  config: Config,
  release: Release,
  user: SystemUser,
  secrets: Secrets,
  tlsFiles: TlsFiles,
): Part {
  const { command, cwd, env } = nodeProcess(config, release, "server");
  return {
    name: "web",
    stopSteps: nodeStopSteps,
    launch: () =>
      launchProcess({
        command: [...(release.development ? asRoot : asUser(user, { endWithParent: true })), ...command],
        env: { ...env, HOME: "/nonexistent" },
        cwd,
        log: { folder: logFolder(config), name: "web" },
        secret: webSecret(config, secrets),
        tell: (channel) => tlsFiles.subscribe((message) => channel.write(`${JSON.stringify(message)}\n`)),
      }),
    check: () => checkWeb(config),
  };
}

/** What the web process must know and neither its environment nor its arguments may say. */
export function webSecret(config: Config, secrets: Secrets): string {
  const clients = readClientSecrets(config);
  return JSON.stringify({
    tokenHash: hashToken(secrets.operatorToken),
    sessionSecret: secrets.sessionSecret,
    clientSecrets: clients.secrets,
    unusableProviders: Object.keys(clients.faults),
    version,
    tlsMessages: true,
    databaseMode: config.databaseUrl ? "external" : "embedded",
    ...(config.databaseUrl && { databaseUrl: config.databaseUrl }),
  });
}

export function checkWeb(config: Config): Promise<void> {
  return askHealth({ host: dialAddress(config.host), port: config.port, path: "/api/v1/health" });
}

/** Any answer below 500 within 5 s is a sign of life. */
function askHealth(target: RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get({ ...target, timeout: 5000, agent: false }, (response) => {
      response.resume();
      const status = response.statusCode ?? 500;
      if (status < 500) resolve();
      else reject(new Error(`it answered ${status}`));
    });
    request.once("timeout", () => request.destroy(new Error("no answer within 5 s")));
    request.once("error", reject);
  });
}
