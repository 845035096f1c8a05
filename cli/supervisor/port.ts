import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import type { Config } from "../../lib/config.ts";
import { CliError } from "../errors.ts";
import { describeProcess } from "./process-identity.ts";

/** Throws a CliError that names who holds the port, where that can be known, and what to do. */
export async function requireFreePort({ host, port }: Pick<Config, "host" | "port">): Promise<void> {
  const code = await tryListen(host, port);
  if (code === null) return;
  if (code === "EADDRINUSE") {
    throw new CliError(`Port ${port} on ${host} is taken${holderWords(port)}.`, {
      remedy: `Stop that one, or take another port: ./minirun up --port ${port === 65_535 ? port - 1 : port + 1}`,
    });
  }
  throw new CliError(`Listening on ${host}, port ${port}, is not possible: ${code}.`, {
    remedy: "Name an address of this machine with --host or MINIRUN_HOST; 127.0.0.1 is the default.",
  });
}

function tryListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function holderWords(port: number): string {
  const holder = findListener(port);
  return holder ? ` by ${holder.name} (pid ${holder.pid}, ${holder.executable})` : "";
}

/** The process that listens on a TCP port: its socket's inode from /proc/net/tcp, looked for among all descriptors. */
function findListener(port: number): { pid: number; name: string; executable: string } | null {
  const inodes = new Set([...listeningInodes("/proc/net/tcp", port), ...listeningInodes("/proc/net/tcp6", port)]);
  if (inodes.size === 0) return null;
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (!holdsSocket(entry, inodes)) continue;
    const found = describeProcess(Number(entry));
    if (found) return { pid: Number(entry), name: found.name, executable: found.executable };
  }
  return null;
}

/** Fields of /proc/net/tcp (proc(5)): local address as HEX:PORT, state 0A = LISTEN, inode the tenth. */
function listeningInodes(table: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = readText(table).trim().split("\n").slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(wanted) && fields[3] === "0A")
    .map((fields) => fields[9] ?? "");
}

function holdsSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const target = readLink(`/proc/${pid}/fd/${fd}`);
      return target.startsWith("socket:[") && inodes.has(target.slice(8, -1));
    });
  } catch {
    return false;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
