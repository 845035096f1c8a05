import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { listProcesses, type ProcessEntry } from "./processes.ts";

/**
 * Everything on this machine that carries `name`, an instance's or the beginning that several have in common: processes
 * (by user, cgroup, command line, environment, working directory, open files), mounts, cgroups in every hierarchy,
 * users and groups, System V shared memory of those users, files in the temporary folder. One line each; none when
 * nothing is left.
 */
export function findLeftovers(name: string): string[] {
  const users = accounts("/etc/passwd", name);
  return [
    ...processesOf(name, users).map(({ pid, command }) => `process ${pid}: ${command}`),
    ...mountsOf(name),
    ...cgroupsOf(name),
    ...[...users.keys()].map((user) => `user ${user}`),
    ...[...accounts("/etc/group", name).keys()].map((group) => `group ${group}`),
    ...sharedMemoryOf(new Set(users.values()), madeAt(`${tmpdir()}/${name}`)),
    ...readdirSync(tmpdir())
      .filter((entry) => entry.startsWith(name))
      .map((entry) => `file ${tmpdir()}/${entry}`),
  ];
}

/** The processes that carry `name`, but never this one. */
export function processesOf(name: string, users = accounts("/etc/passwd", name)): ProcessEntry[] {
  const uids = new Set(users.values());
  const folder = `${tmpdir()}/${name}`;
  return listProcesses().filter(
    ({ pid, uid, cgroups, command, environment, links }) =>
      pid !== process.pid &&
      (uids.has(uid) ||
        cgroups.includes(`/${name}`) ||
        [command, environment, ...links].some((text) => text.includes(folder))),
  );
}

/** Namespaces, as `net:[4026531840]`, that may be held too long. */
export interface Namespaces {
  names: ReadonlySet<string>;
  /** Who was there when they were looked at: the kernel gives the numbers of old ones to new ones of younger processes. */
  witnesses: ReadonlySet<number>;
}

/** The namespaces of the processes that carry `name`, without those of init and of this process. */
export function namespacesOf(name: string): Namespaces {
  const all = listProcesses();
  const shared = new Set(
    all.filter(({ pid }) => pid === 1 || pid === process.pid).flatMap(({ namespaces }) => namespaces),
  );
  const own = processesOf(name).flatMap(({ namespaces }) => namespaces);
  return {
    names: new Set(own.filter((namespace) => !shared.has(namespace))),
    witnesses: new Set(all.map(({ pid }) => pid)),
  };
}

/** Who still holds one of them, by being in it, by an open descriptor, or by a bind mount; one line each. */
export function holdersOf({ names, witnesses }: Namespaces): string[] {
  const held = listProcesses()
    .filter(({ pid }) => witnesses.has(pid))
    .flatMap(({ pid, command, links, namespaces }) =>
      [...new Set([...links, ...namespaces])]
        .filter((namespace) => names.has(namespace))
        .map((namespace) => `namespace ${namespace} is held by process ${pid}: ${command}`),
    );
  const bound = mountTable().filter((line) => [...names].some((namespace) => line.includes(` ${namespace} `)));
  return [...held, ...bound.map((line) => `namespace bound: ${line}`)];
}

/** Names that begin with `name`, and their ids, in a file of the form of passwd(5). */
function accounts(file: string, name: string): Map<string, number> {
  const rows = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  return new Map(rows.filter(([own]) => own?.startsWith(name)).map(([own = "", , id]) => [own, Number(id)]));
}

function mountsOf(name: string): string[] {
  const folder = `${tmpdir()}/${name}`;
  return mountTable()
    .filter((line) => line.includes(folder))
    .map((line) => `mount ${line}`);
}

/** Mounts of this process's namespace and of init's, which differ under `unshare --mount`. */
function mountTable(): string[] {
  const tables = ["/proc/self/mountinfo", "/proc/1/mountinfo"].map((path) => readFileSync(path, "utf8"));
  return [...new Set(tables.join("").trim().split("\n"))];
}

/** Directories of cgroups; mountinfo's fields are in proc_pid_mountinfo(5). */
function cgroupsOf(name: string): string[] {
  const trees = mountTable()
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(" ")[4] ?? "");
  if (trees.length === 0) return [];
  const found = execFileSync("find", [...new Set(trees), "-xdev", "-type", "d", "-name", `${name}*`], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return found
    .split("\n")
    .filter(Boolean)
    .map((path) => `cgroup ${path}`);
}

/** When a folder was made, in seconds since 1970; 0 where it is not there. */
function madeAt(folder: string): number {
  return Math.floor((statSync(folder, { throwIfNoEntry: false })?.birthtimeMs ?? 0) / 1000);
}

/**
 * A PostgreSQL that was killed leaves a segment behind, which the next one removes. One that was last changed before
 * `since` is an earlier user's, whose number came to be another's. Fields: proc_sysvipc(5).
 */
function sharedMemoryOf(uids: ReadonlySet<number>, since: number): string[] {
  const rows = readFileSync("/proc/sysvipc/shm", "utf8").trim().split("\n").slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => uids.has(Number(fields[7])) && Number(fields[13]) >= since)
    .map((fields) => `shared memory segment ${fields[1]} of uid ${fields[7]}`);
}
