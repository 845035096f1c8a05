import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";

const absolutePath = z.string().regex(/^\/[^\0]*$/, "must be an absolute path");
const userName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, "must be the name of a system user");

const Environment = z.object({
  MINIRUN_HOME: absolutePath.default("/var/lib/minirun"),
  MINIRUN_RUN: absolutePath.default("/run/minirun"),
  MINIRUN_CONFIG: absolutePath.default("/etc/minirun/config.json"),
  MINIRUN_CGROUP: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, "must be one path component")
    .default("minirun"),
  MINIRUN_HOST: z.string().min(1).default("127.0.0.1"),
  MINIRUN_PORT: z.coerce.number().int().min(1).max(65_535).default(8080),
  MINIRUN_WEB_USER: userName.default("minirun-web"),
  MINIRUN_DB_USER: userName.default("minirun-db"),
  MINIRUN_NODE: z.string().min(1).max(100).default(hostname()),
  MINIRUN_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  DATABASE_URL: z.string().startsWith("postgres").optional(),
});

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
  webUser: string;
  dbUser: string;
  node: string;
  logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** An outside PostgreSQL; null means the embedded one, reached by its socket in `run/postgres`. */
  databaseUrl: string | null;
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
  return {
    home: values.MINIRUN_HOME,
    run: values.MINIRUN_RUN,
    configFile: values.MINIRUN_CONFIG,
    cgroup: values.MINIRUN_CGROUP,
    host: values.MINIRUN_HOST,
    port: values.MINIRUN_PORT,
    webUser: values.MINIRUN_WEB_USER,
    dbUser: values.MINIRUN_DB_USER,
    node: values.MINIRUN_NODE,
    logLevel: values.MINIRUN_LOG_LEVEL,
    databaseUrl: values.DATABASE_URL ?? null,
  };
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
    postgres: join(config.home, "postgres"),
    release: join(config.home, "release"),
    operatorToken: join(config.home, "operator-token"),
    sessionSecret: join(config.home, "session-secret"),
    workerSocket: join(config.run, "worker.sock"),
    runContainers: join(config.run, "containers"),
    postgresSocket: join(config.run, "postgres"),
    /** What the running supervisor says of itself: pid, start time, address. */
    supervisor: join(config.run, "supervisor.json"),
  };
}
