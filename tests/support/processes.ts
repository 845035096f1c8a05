import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process as /proc shows it; fields that can't be read (it has ended) are empty. */
export interface ProcessEntry {
  pid: number;
  /** Arguments, separated by blanks. */
  command: string;
  environment: string;
  uid: number;
  /** /proc/PID/cgroup. */
  cgroups: string;
  /** What cwd and the open descriptors point to. */
  links: string[];
  /** Namespaces as `net:[4026531840]`. */
  namespaces: string[];
}

/** Every process of this machine that is no zombie: those are only a line in the table of their parent's. */
export function listProcesses(): ProcessEntry[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => {
    const status = readText(`/proc/${name}/status`);
    if (status === "" || /^State:\s+[ZX]/m.test(status)) return [];
    return [readProcess(Number(name), status)];
  });
}

function readProcess(pid: number, status: string): ProcessEntry {
  const at = `/proc/${pid}`;
  return {
    pid,
    command: readText(`${at}/cmdline`).replaceAll("\0", " ").trim(),
    environment: readText(`${at}/environ`),
    uid: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]),
    cgroups: readText(`${at}/cgroup`),
    links: [readLink(`${at}/cwd`), ...readNames(`${at}/fd`).map((fd) => readLink(`${at}/fd/${fd}`))],
    namespaces: readNames(`${at}/ns`).map((name) => readLink(`${at}/ns/${name}`)),
  };
}

/** The fields of /proc/PID/status, by name. */
export function readStatus(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/status`, "utf8").trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2)));
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

function readNames(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
