import { readdir, readFile, readlink, stat } from "node:fs/promises";
import type { LabGroup, LabMount, LabProcess, LabState } from "../../lib/labs/state.ts";
import type { Addon } from "../addon/addon.ts";

const mostProcesses = 256;
const mostGroups = 32;
/** What lasts for a moment alone, as each step of a program does, is no state that somebody has brought about. */
const leastAgeSeconds = 0.3;
/** USER_HZ of time(7): 100 on every architecture that Linux runs on today. */
const ticksPerSecond = 100;
const namespaces = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];

/**
 * What the kernel holds for a lab: its processes from procfs, its control groups from their files. `group` is the lab's
 * own; null when its first process, `pid`, is gone.
 */
export async function readLabState(addon: Addon, group: string, pid: number): Promise<LabState | null> {
  const { processes: all } = await addon.cgroupProcesses(group, mostProcesses);
  const now = Number((await readFile("/proc/uptime", "utf8")).split(" ")[0]);
  const listed = all.filter((one) => one.hostPid === pid || now - one.startedSeconds >= leastAgeSeconds);
  const pids = listed.map(({ hostPid }) => hostPid);
  const alive = await readProcesses(pids);
  // A group lists no zombies: since Linux 5.2 they have left it.
  const children = (await Promise.all(pids.map(childrenOf))).flat();
  const dead = await readProcesses(children.filter((child) => !pids.includes(child)).slice(0, mostProcesses));
  const processes = [...alive, ...dead.filter(({ state }) => state === "Z")];
  const first = processes.find((process) => process.pid === pid);
  return first ? { first, processes, groups: await readGroups(addon, group) } : null;
}

async function readProcesses(pids: readonly number[]): Promise<LabProcess[]> {
  const read = await Promise.all(pids.map((pid) => readProcess(pid).catch(() => null)));
  return read.filter((process) => process !== null);
}

/** proc_pid_task(5), children: of a process's first thread. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.split(" ").filter(Boolean).map(Number);
}

async function readProcess(pid: number): Promise<LabProcess> {
  const folder = `/proc/${pid}`;
  const status = parseStatus(await readFile(`${folder}/status`, "utf8"));
  const fields = statFields(await readFile(`${folder}/stat`, "utf8"));
  const state = fields[0] ?? "";
  const alive = state !== "Z" && state !== "X";
  const [links, root, aboveRoot, mounts, userMap] = await Promise.all([
    readNamespaces(folder),
    alive ? identityOf(`${folder}/root/.`) : "",
    // Where ".." leads from there for who is not held by that root.
    alive ? identityOf(`${folder}/root/..`) : "",
    alive ? readFile(`${folder}/mountinfo`, "utf8").catch(() => "") : "",
    readFile(`${folder}/uid_map`, "utf8").catch(() => ""),
  ]);
  return {
    pid,
    parent: Number(status.PPid),
    state,
    threads: Number(status.Threads),
    // Field 14, utime.
    userSeconds: Number(fields[11] ?? 0) / ticksPerSecond,
    numbers: (status.NSpid ?? "").split(/\s+/).map(Number),
    namespaces: links,
    ...{ root, aboveRoot, status, userMap },
    mounts: parseMounts(mounts),
    // Field 52, exit_code, as wait(2) has it.
    endedBy: state === "Z" ? Number(fields[49] ?? 0) & 0x7f : 0,
  };
}

/** The fields of proc_pid_stat(5) behind the name, which may hold anything: field 3, the state, is the first. */
function statFields(text: string): string[] {
  return text
    .slice(text.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
}

function parseStatus(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => /^(\w+):\s*(.*)$/.exec(line));
  return Object.fromEntries(lines.flatMap((found) => (found?.[1] ? [[found[1], found[2] ?? ""]] : [])));
}

async function readNamespaces(folder: string): Promise<Record<string, string>> {
  const links = await Promise.all(
    namespaces.map(async (kind) => [kind, await readlink(`${folder}/ns/${kind}`).catch(() => null)] as const),
  );
  return Object.fromEntries(links.filter((link): link is readonly [string, string] => link[1] !== null));
}

async function identityOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found ? `${found.dev}:${found.ino}` : "";
}

/** proc_pid_mountinfo(5): the mount point is field 5; type, source and options stand behind the dash. */
function parseMounts(text: string): LabMount[] {
  return text.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [type = "", source = "", options = ""] = after.split(" ");
    const target = before.split(" ")[4];
    return target ? [{ target, type, source, options }] : [];
  });
}

async function readGroups(addon: Addon, group: string): Promise<LabGroup[]> {
  const { mountpoints } = addon.probe().cgroup;
  const folder = `${mountpoints.memory ?? mountpoints.pids ?? "/sys/fs/cgroup"}${group}`;
  const below = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = below.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(["", ...names.slice(0, mostGroups)].map((name) => readGroup(addon, group, name)));
}

async function readGroup(addon: Addon, group: string, name: string): Promise<LabGroup> {
  const path = name === "" ? group : `${group}/${name}`;
  const { memory, cpu, pids } = addon.cgroupStats(path);
  const { total } = await addon.cgroupProcesses(path, 1);
  return {
    path: name,
    memoryLimit: memory.limit,
    pidsLimit: pids.limit,
    pids: pids.current,
    oomKills: memory.oomKills,
    throttledPeriods: cpu.throttledPeriods,
    processes: total,
  };
}
