// The native addon's face (native/build/Release/minirun.node). Errors of the system have code ("ENOENT"), errno,
// syscall and path; arguments that are not what they should be throw a TypeError.

/** What this kernel offers to containers. */
export interface Probe {
  kernel: string;
  /** The oldest kernel that containers can run on: "5.12". */
  minimumKernel: string;
  arch: string;
  namespaces: Record<"pid" | "mnt" | "uts" | "ipc" | "net" | "cgroup" | "user" | "time", boolean>;
  cgroup: {
    /** 0: no control groups at all. */
    version: 0 | 1 | 2;
    controllers: Record<"memory" | "cpu" | "cpuacct" | "pids" | "freezer", boolean>;
    /** Where each controller's tree is mounted. */
    mountpoints: Partial<Record<string, string>>;
  };
  overlayfs: boolean;
  seccomp: boolean;
  newMountApi: boolean;
  openat2: boolean;
  clone3: boolean;
  pidfd: boolean;
  swapAccounting: boolean;
  /** What containers can't do without and this host doesn't have, in words; empty when containers can run. */
  missing: string[];
}

export interface Shim {
  pid: number;
  /** Field 22 of /proc/PID/stat: with the pid, the process's identity. */
  startTime: string;
  /** What the shim wrote before it closed its report pipe: one JSON object, or "" when it died first. */
  report: string;
}

/** Numbers of one control group; null where the kernel doesn't offer them. Bytes, nanoseconds, counts. */
export interface CgroupStats {
  memory: { current: number | null; peak: number | null; limit: number | null; oomKills: number | null };
  cpu: {
    usageNs: number | null;
    throttledNs: number | null;
    throttledPeriods: number | null;
    periods: number | null;
  };
  pids: { current: number | null; limit: number | null };
}

export function probe(): Probe;

/** Spawns a sealed copy of `binary` in a session of its own; resolves when its report pipe is closed. */
export function spawnShim(options: { binary: string; args: string[] }): Promise<Shim>;

/** Resolves when that process has ended; at once when it is gone, or its pid is another process by now. */
export function watchProcess(pid: number, startTime: string): Promise<void>;

/** Null when there is no such process. */
export function processStartTime(pid: number): string | null;

/** Who is at the other end of a connected unix socket. */
export function peerCredentials(fd: number): { pid: number; uid: number; gid: number };

/** Kills every process of the group, waits until it is empty (5 s at most), removes it. No group is no error. */
export function cgroupKill(path: string): Promise<void>;

/**
 * Freezes every process of the group, or lets them go on; resolves when it is so. ETIMEDOUT when one could not be frozen
 * within 2 s (all go on then), ENOENT without the group, EOPNOTSUPP without a freezer.
 */
export function cgroupFreeze(path: string, frozen: boolean): Promise<void>;

/** False also where there is no such group or no freezer. */
export function cgroupIsFrozen(path: string): boolean;

/** Limits of a group whose processes run: bytes without swap beside them, microseconds per 100 ms, tasks. */
export interface LiveLimits {
  memoryBytes?: number;
  cpuQuotaUs?: number;
  pids?: number;
}

/** Writes the limits, all or none. EBUSY: more memory is in use and can't be reclaimed. */
export function cgroupUpdate(path: string, limits: LiveLimits): Promise<void>;

/** Names of the groups directly below `root`, over all hierarchies. */
export function cgroupList(root: string): string[];

export function cgroupStats(path: string): CgroupStats;

/** Removes the group `root`, and those above it, as far as they are empty. */
export function cgroupRemoveRoot(root: string): void;

/**
 * Removes a path and all below it. Never follows a link and never crosses a mount point: EBUSY with the mount point's
 * path. A path that isn't there is no error.
 */
export function removeTree(path: string): Promise<void>;

/**
 * What of a file that was replaced is on the disk, so that a loss of power leaves: true, the new one; "content", the old or the
 * new one, each whole, without the wait for the folder; false, perhaps an empty file (XFS, for one, may write the name first).
 */
export type Durable = boolean | "content";

/** Replaces a file whole, mode 0600: readers see the old or the new one, and it survives the end of this process. */
export function replaceFile(path: string, content: string, durable: Durable): Promise<void>;

/** A container to be measured; `process` is one in its network namespace, null leaves the network out. */
export interface StatisticsTarget {
  cgroup: string;
  process: { pid: number; startTime: string } | null;
}

/** What is measured: bytes, nanoseconds, counts; pressure in percent of the last 10 s. Counters count from the start. */
export type Figure =
  | "monotonicNs"
  | "cpuUsageNs"
  | "cpuLimitCores"
  | "cpuThrottledNs"
  | "cpuThrottledPeriods"
  | "cpuPeriods"
  | "memoryCurrent"
  | "memoryPeak"
  | "memoryLimit"
  | "memoryAnon"
  | "memoryFile"
  | "memoryKernel"
  | "memorySwap"
  | "oomKills"
  | "readBytes"
  | "writeBytes"
  | "readOperations"
  | "writeOperations"
  | "pidsCurrent"
  | "pidsLimit"
  | "receivedBytes"
  | "receivedPackets"
  | "sentBytes"
  | "sentPackets"
  | "cpuSome"
  | "cpuFull"
  | "memorySome"
  | "memoryFull"
  | "ioSome"
  | "ioFull";

/** The figures in the order of a row of {@link sampleStatistics}. */
export const statisticsFigures: readonly Figure[];

/**
 * Measures every target: a row of figures for each, in their order; NaN is what this kernel doesn't tell. Files stay
 * open from one call to the next, for the containers that both name.
 */
export function sampleStatistics(targets: readonly StatisticsTarget[]): Promise<Float64Array>;

/** A process of a container; `pid` is 0 for one outside of its pid namespace. Texts may hold anything but NUL. */
export interface CgroupProcess {
  pid: number;
  hostPid: number;
  hostParentPid: number;
  uid: number;
  state: string;
  name: string;
  command: string[];
  threads: number;
  cpuSeconds: number;
  residentBytes: number;
  /** Seconds after boot. */
  startedSeconds: number;
}

/** The processes of a group and those below it, at most `limit`; `total` counts all. */
export function cgroupProcesses(path: string, limit: number): Promise<{ processes: CgroupProcess[]; total: number }>;

/** Signals the process of the group with this pid in the container's namespace; ESRCH when there is none. */
export function cgroupSignal(path: string, pid: number, signal: number): Promise<void>;

/** What a directory has under a name; `mode` has permission bits alone, `target` is a link's text. */
export interface Entry {
  name: string;
  type: "file" | "directory" | "symlink" | "device" | "fifo" | "socket";
  size: number;
  mode: number;
  uid: number;
  gid: number;
  modifiedMs: number;
  links: number;
  /** The same for hard links to one file. */
  inode: string;
  /** Changes with the content. */
  etag: string;
  target: string | null;
}

/** An entry with a descriptor of it (O_PATH), which the caller closes. */
export interface OpenEntry extends Entry {
  fd: number;
  /** Id of the mount that it is on: another one than its directory's says that something is mounted there. */
  mount: number;
  readOnly: boolean;
  /** On procfs, sysfs or another view of the kernel. */
  kernel: boolean;
}

// Descriptors that these resolve with are O_PATH and the caller's to close.

/** The root that a process sees, with its mounts. ESRCH when it has ended. */
export function openProcessRoot(pid: number, startTime: string): Promise<number>;

/** The ids of a container with a user namespace of its own: `size` of the host's from `start` on. */
export interface IdRange {
  start: number;
  size: number;
}

/**
 * A stopped container's root, as a mount that no table shows; read-only, and then shareable, where `work` is null. Files
 * have the ids that they have on the host while it runs.
 */
export function openOverlayRoot(layers: {
  lower: string[];
  upper: string;
  work: string | null;
  ids: IdRange | null;
}): Promise<number>;

/**
 * A directory or file that belongs to the ids of `from`, as if it belonged to those of `to`; null is the host's. EINVAL
 * where this kernel can't id-map mounts of its file system.
 */
export function openMapped(path: string, from: IdRange | null, to: IdRange | null): Promise<number>;

/** Resolves a path with `root` as /: links lead to nowhere outside (openat2 RESOLVE_IN_ROOT). */
export function openEntry(root: number, path: string, followLast: boolean): Promise<OpenEntry>;

/** Of a descriptor that can be read from those that come next; of one of O_PATH the first. */
export function listDirectory(directory: number, limit: number): Promise<{ entries: Entry[]; truncated: boolean }>;

/** An entry that is to be made; ids are the host's. */
export type NewEntry = FileIds & ({ type: "file" | "directory"; mode: number } | { type: "symlink"; target: string });

/**
 * Makes an entry, as its owner: on an id-mapped mount, such as a bind of a container with a user namespace, nobody else
 * can. Resolves with a descriptor that can be written to (file) or read (directory), or -1 (link). EEXIST.
 */
export function makeEntry(directory: number, name: string, entry: NewEntry): Promise<number>;

/** The host's ids that a name is made with, which on an id-mapped mount have to be some that it maps. */
export interface FileIds {
  uid: number;
  gid: number;
}

/** Moves an entry; a name that something has already is replaced when that is asked for, else EEXIST. */
export function moveEntry(
  from: number,
  name: string,
  to: number,
  newName: string,
  ids: FileIds,
  replace: boolean,
): Promise<void>;

/** Gives a file another name, a hard link. EEXIST. */
export function linkEntry(from: number, name: string, to: number, newName: string, ids: FileIds): Promise<void>;

/** Removes an entry and all below it, as {@link removeTree} does. */
export function removeEntry(directory: number, name: string): Promise<void>;

/** A container whose kernel state is read: its first process, its control group, and the bundle that it was started with. */
export interface KernelTarget {
  pid: number;
  startTime: string;
  cgroup: string;
  /** Folder of config.json, whose seccomp profile is the container's. */
  bundle: string;
  /** Where compiled seccomp programs lie. */
  cache: string;
  /** Folder of the lower layer of the container's root, which the kernel may call "/". */
  lower?: string | null;
  /** Names of parts, as members of the answer. */
  parts: readonly string[];
}

/**
 * What the kernel holds for a container now, as the text of a JSON object with the parts that were asked for, and in
 * `unread` why others could not be read (lib/contract/kernel.ts). Nothing is kept from one call to the next. ESRCH when
 * the process has ended.
 */
export function readKernel(target: KernelTarget): Promise<string>;
