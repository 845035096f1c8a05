/** A process of a lab as procfs shows it. */
export interface LabProcess {
  /** As the host counts. */
  pid: number;
  parent: number;
  /** proc_pid_stat(5): R, S, Z, … */
  state: string;
  threads: number;
  /** For which it has computed outside the kernel. */
  userSeconds: number;
  /** Its number in each pid namespace from the host's on, the innermost last. */
  numbers: readonly number[];
  /** The inode of each of its namespaces: "pid:[4026531836]". A zombie has none. */
  namespaces: Readonly<Record<string, string>>;
  /** Device and inode of its root directory, and of ".." in it; empty for a zombie. */
  root: string;
  aboveRoot: string;
  /** Its mount table, as it sees it. */
  mounts: readonly LabMount[];
  /** proc_pid_status(5), each line by its name: "CapEff", "Seccomp_filters", … */
  status: Readonly<Record<string, string>>;
  /** What its user namespace makes of users: lines of inside, outside, count. */
  userMap: string;
  /** The signal that ended a zombie; 0 for others. */
  endedBy: number;
}

export interface LabMount {
  target: string;
  type: string;
  source: string;
  /** Those of the file system: "lowerdir=…" of an overlay. */
  options: string;
}

/** A control group of a lab: "" is the lab's own, "small" one below it. */
export interface LabGroup {
  path: string;
  memoryLimit: number | null;
  pidsLimit: number | null;
  /** Processes and threads that count against the limit. */
  pids: number | null;
  oomKills: number | null;
  throttledPeriods: number | null;
  processes: number;
}

/** What the kernel holds for a lab at one moment. */
export interface LabState {
  /** The lab's first process, the ancestor of all others. */
  first: LabProcess;
  processes: readonly LabProcess[];
  groups: readonly LabGroup[];
}

/** Whether a process is in another namespace of this kind than the lab's first. */
export function isApart({ first }: LabState, process: LabProcess, kind: string): boolean {
  const own = process.namespaces[kind];
  return own !== undefined && own !== first.namespaces[kind];
}
