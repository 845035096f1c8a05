import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, createClient } from "../../lib/client/api.ts";
import { type Config, readConfig } from "../../lib/config.ts";
import { countedEnvironment } from "../coverage/collect.ts";
import { findLeftovers, holdersOf, namespacesOf, processesOf } from "./leftovers.ts";
import { type CommandResult, runCommand } from "./run-command.ts";
import { until } from "./until.ts";

/** The project's folder. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

/** How the name of everything that tests make begins. */
export const testPrefix = "minirun-test-";

/** The product, run by its real supervisor, with folders, port, cgroup and users of its own. */
export interface Instance {
  /** Of its folder below the temporary one, its cgroup and, with an ending, its users. */
  name: string;
  folder: string;
  config: Config;
  url: string;
  token: string;
  client: Client;
  /** The settings that lead a command line to it. */
  environment: NodeJS.ProcessEnv;
  /** Runs `./minirun` against it. */
  cli(args: readonly string[], input?: string): Promise<CommandResult>;
  /** Sends a request with the token to a path below /api/v1; the answer comes as it is. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Starts its supervisor (again), by `up --detach`; returns what that said. */
  up(): Promise<string>;
  /** What the supervisor says of its parts. */
  status(): Promise<InstanceStatus>;
  /** Ends it with all containers, removes all that it was, and returns what is left all the same: nothing, if all is well. */
  stop(): Promise<string[]>;
}

export interface InstanceStatus {
  running: boolean;
  pid: number | null;
  parts: Record<"database" | "worker" | "web", { state: string; process: { pid: number } | null }>;
}

/**
 * Starts an instance; needs root and a build. With `ownMounts` it has a mount namespace of its own, where a test may take
 * away what a host has; `settings` are further variables. Throws, with what the supervisor said, when it does not come up.
 */
export async function startInstance({
  ownMounts = false,
  settings = {},
}: {
  ownMounts?: boolean;
  settings?: Record<string, string>;
} = {}): Promise<Instance> {
  const { name, folder, environment } = await makeInstanceFolder(settings);
  try {
    await up(environment, ownMounts ? ["unshare", "--mount", "--propagation", "private"] : []);
    return await makeInstance(name, folder, environment);
  } catch (error) {
    await takeDown(name, folder, environment);
    throw error;
  }
}

/** The folder and the settings of an instance that is yet to start. */
export async function makeInstanceFolder(settings: Record<string, string> = {}) {
  const name = `${testPrefix}${randomBytes(3).toString("hex")}`;
  const folder = join(tmpdir(), name);
  const ports = [await freePort(), await freePort()] as const;
  const environment = { ...environmentOf(name, folder, ...ports), ...settings };
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(join(folder, "config.json"), JSON.stringify({ images: [join(folder, "images")] }), { mode: 0o600 });
  return { name, folder, environment };
}

function environmentOf(name: string, folder: string, port: number, tlsPort: number): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_ENV } = process.env;
  return {
    PATH,
    HOME,
    NODE_ENV,
    LANG: "C.UTF-8",
    MINIRUN_HOME: join(folder, "home"),
    MINIRUN_RUN: join(folder, "run"),
    MINIRUN_CONFIG: join(folder, "config.json"),
    MINIRUN_CGROUP: name,
    MINIRUN_PORT: String(port),
    MINIRUN_TLS_PORT: String(tlsPort),
    MINIRUN_WEB_USER: `${name}-web`,
    MINIRUN_DB_USER: `${name}-db`,
    MINIRUN_NODE: "test-node",
    ...countedEnvironment(process.env),
  };
}

/** An instance that runs already, however it was started. */
export async function makeInstance(name: string, folder: string, environment: NodeJS.ProcessEnv): Promise<Instance> {
  const config = readConfig(environment);
  const url = `http://127.0.0.1:${config.port}`;
  const cli: Instance["cli"] = (args, input) =>
    runCommand(join(projectRoot, "minirun"), args, { env: environment, ...(input !== undefined && { input }) });
  const token = (await cli(["token"])).stdout.trim();
  return {
    name,
    folder,
    config,
    url,
    token,
    client: createClient({ baseUrl: url, token }),
    environment,
    cli,
    request: (path, init = {}) =>
      fetch(`${url}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }),
    up: () => up(environment),
    status: async () => JSON.parse((await cli(["status", "--json"])).stdout),
    stop: () => takeDown(name, folder, environment),
  };
}

async function up(environment: NodeJS.ProcessEnv, within: readonly string[] = []): Promise<string> {
  const { code, stdout, stderr } = await supervisorCommand(["up", "--detach"], environment, within);
  if (code !== 0) throw new Error(`minirun up --detach ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

/** The launcher's `up` would look for something to build; what is there is what gets tested. */
function supervisorCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  within: readonly string[] = [],
): Promise<CommandResult> {
  const program = join(projectRoot, "dist/cli.js");
  const [first = "", ...more] = [...within, process.execPath, program, ...args];
  return runCommand(first, more, { env, timeoutMs: 150_000 });
}

/** What an instance's `stop` does, for one that may never have started. */
export async function takeDown(name: string, folder: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const namespaces = namespacesOf(name);
  const { code, stdout, stderr } = await supervisorCommand(["down", "--all", "--time", "0"], environment);
  const problems = code === 0 ? [] : [`minirun down --all ended with ${code}: ${stdout}${stderr}`];
  // What the last process has left goes with it a moment later.
  const left = () => [
    ...processesOf(name).map(({ pid, command }) => `process ${pid}: ${command}`),
    ...holdersOf(namespaces),
  ];
  await until("its processes and namespaces are gone", () => left().length === 0, { timeoutMs: 5_000 }).catch(() => {});
  problems.push(...left(), ...findLeftovers(name).filter((line) => /^(?:mount|cgroup|shared)/.test(line)));
  // Its files and users are its state, which outlives it by design; nothing else may.
  if (problems.length === 0) rmSync(folder, { recursive: true, force: true });
  for (const user of [`${name}-web`, `${name}-db`]) await runCommand("userdel", [user]);
  return [...problems, ...findLeftovers(name).filter((line) => !problems.includes(line))];
}

/** A TCP port that nobody has now. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
