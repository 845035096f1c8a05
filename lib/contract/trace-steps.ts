import type { TraceStep } from "./trace.ts";

/** The parts of a start that its steps belong to, in the order in which people are shown them. */
export const traceGroups = [
  { id: "namespaces", label: "Namespaces" },
  { id: "cgroups", label: "Control groups" },
  { id: "mounts", label: "Mounts" },
  { id: "process", label: "Process" },
  { id: "seccomp", label: "Seccomp" },
  { id: "exec", label: "Exec" },
  { id: "waiting", label: "Waiting" },
] as const;

export type TraceGroup = (typeof traceGroups)[number]["id"];

/** What a step is about, for people. */
export interface StepMeaning {
  group: TraceGroup;
  /** What it does and why, in a sentence or two. */
  says: string;
  /** The manual page of what is called, such as `mount_setattr(2)`. */
  manual: string;
}

interface Rule extends Omit<StepMeaning, "manual"> {
  /** The step's name; one that ends with a blank stands for every name that begins with it. */
  step: string;
  /** Where the page is not that of the call itself, in section 2. */
  manual?: string;
}

/** Every step that native/core plans, and those of an end, which the shim goes through. `{}` stands for what follows the name: a path, a host name. */
const rules: readonly Rule[] = [
  {
    step: "container",
    group: "namespaces",
    says: "Opens the container's first process by a descriptor that can't come to mean another one.",
  },
  { step: "open ", group: "namespaces", says: "Opens the {} namespace that the container is to join." },
  {
    step: "join ",
    group: "namespaces",
    says: "Enters the {} namespace: from here on this process sees what is in it.",
  },
  {
    step: "namespaces",
    group: "namespaces",
    says: "Enters the container's namespaces all at once: from here on this process sees what the container's own see.",
  },
  {
    step: "user namespace",
    group: "namespaces",
    says: "Makes the user namespace and writes which ids of the host stand behind the container's: its root is nobody outside.",
    manual: "user_namespaces(7)",
  },
  {
    step: "namespace root",
    group: "namespaces",
    says: "Becomes root of the new user namespace, who may do everything in it and nothing outside.",
  },
  {
    step: "time offsets",
    group: "namespaces",
    says: "Sets the clocks of the time namespace before anything is in it.",
    manual: "time_namespaces(7)",
  },
  {
    step: "clone",
    group: "namespaces",
    says: "Makes the container's first process, born into its own namespaces. Everything on the child's side happens in it.",
  },
  {
    step: "hostname",
    group: "namespaces",
    says: "Gives the container its host name; the UTS namespace keeps it from the host's.",
  },
  { step: "domain name", group: "namespaces", says: "Gives the container its NIS domain name." },
  {
    step: "ipc namespace",
    group: "namespaces",
    says: "Takes an IPC namespace that belongs to the user namespace it is in by now.",
    manual: "ipc_namespaces(7)",
  },
  {
    step: "pid namespace",
    group: "namespaces",
    says: "Chooses the pid namespace that the next process is born into.",
    manual: "pid_namespaces(7)",
  },
  {
    step: "time namespace",
    group: "namespaces",
    says: "Takes a time namespace, into which the next process is born.",
    manual: "time_namespaces(7)",
  },
  {
    step: "not dumpable",
    group: "process",
    says: "Hides this process's memory and descriptors from those in the container, whose namespaces it is about to enter.",
  },
  {
    step: "slave",
    group: "mounts",
    says: "What is mounted here stays in the container; what the host mounts below a bind that asks for it is seen.",
    manual: "mount_namespaces(7)",
  },
  {
    step: "root propagation",
    group: "mounts",
    says: "Lets mounts below the root propagate as was asked for.",
    manual: "mount_namespaces(7)",
  },
  { step: "take terminal", group: "process", says: "Receives the terminal's other end from the container's side." },
  { step: "no program", group: "exec", says: "There is nothing to run: the container was made without a process." },
  {
    step: "cgroup namespace",
    group: "namespaces",
    says: "Takes a cgroup namespace of its own, whose root is the group that the process is in by now.",
    manual: "cgroup_namespaces(7)",
  },
  {
    step: "loopback",
    group: "namespaces",
    says: "Turns on lo, the one interface that a new network namespace has: it begins switched off.",
    manual: "netdevice(7)",
  },
  {
    step: "interface ",
    group: "namespaces",
    says: "Moves the interface {} into the container's network namespace.",
    manual: "rtnetlink(7)",
  },
  {
    step: "cgroup",
    group: "cgroups",
    says: "Makes or opens the container's control group, by which the kernel counts and limits what it uses.",
    manual: "cgroups(7)",
  },
  {
    step: "cgroup owner",
    group: "cgroups",
    says: "Gives the group to the container's user, who may make groups below it; its limits stay the host's.",
    manual: "cgroups(7)",
  },
  {
    step: "join cgroup",
    group: "cgroups",
    says: "Puts the container's first process into its control group: from here on it is counted and limited.",
    manual: "cgroups(7)",
  },
  {
    step: "memory limit",
    group: "cgroups",
    says: "Writes how many bytes of memory its processes may use together. Above it the kernel takes back caches, then kills.",
    manual: "cgroups(7)",
  },
  {
    step: "swap limit",
    group: "cgroups",
    says: "Writes how much memory and swap may be used together: as much as memory alone, so there is no swap.",
    manual: "cgroups(7)",
  },
  {
    step: "cpu quota",
    group: "cgroups",
    says: "Writes how many microseconds of processor time its processes get in each period. Then they wait for the next.",
    manual: "cgroups(7)",
  },
  {
    step: "cpu period",
    group: "cgroups",
    says: "Writes how long a period is, in which its processes have their quota of processor time.",
    manual: "cgroups(7)",
  },
  {
    step: "pids limit",
    group: "cgroups",
    says: "Writes how many processes and threads there may be: a fork bomb ends here, with EAGAIN.",
    manual: "cgroups(7)",
  },
  {
    step: "device rules",
    group: "cgroups",
    says: "Lets the container open the devices that every container has, and no others.",
    manual: "cgroups(7)",
  },
  {
    step: "overlay",
    group: "mounts",
    says: "Lays the container's own, empty layer over its image: what it writes goes there, and the image stays as it is.",
    manual: "fsmount(2)",
  },
  { step: "rootfs", group: "mounts", says: "Takes a copy of the mount that the container's root filesystem is in." },
  {
    step: "root",
    group: "mounts",
    says: "Attaches the root filesystem where the process can change into it.",
  },
  {
    step: "private",
    group: "mounts",
    says: "Makes every mount private: what the container mounts is not seen outside, nor the other way round.",
  },
  { step: "mount point", group: "mounts", says: "Opens the directory that the root filesystem goes on." },
  {
    step: "prepare ",
    group: "mounts",
    says: "Makes what will be mounted at {}, attached nowhere yet: so it is made with rights that the container never has.",
  },
  {
    step: "remount ",
    group: "mounts",
    says: "Changes the attributes of what is mounted at {}.",
  },
  {
    step: "mount /proc",
    group: "mounts",
    says: "Mounts a procfs of the container's own pid namespace: it shows its processes alone.",
  },
  {
    step: "mount /sys",
    group: "mounts",
    says: "Mounts sysfs read-only: devices and the kernel can be looked at, and not changed.",
  },
  { step: "mount /dev", group: "mounts", says: "Mounts a small memory file system for device nodes." },
  { step: "mount /dev/pts", group: "mounts", says: "Mounts terminals of the container's own." },
  { step: "mount /dev/shm", group: "mounts", says: "Mounts memory that its processes share by name." },
  { step: "mount /dev/mqueue", group: "mounts", says: "Mounts the message queues of its IPC namespace." },
  {
    step: "mount ",
    group: "mounts",
    says: "Puts the mount into place at {}, which is looked up beneath the container's root alone.",
  },
  {
    step: "devices",
    group: "mounts",
    says: "Makes the device nodes that every container has, such as /dev/null and /dev/urandom.",
    manual: "mknod(2)",
  },
  { step: "bind devices", group: "mounts", says: "Binds the host's device nodes into /dev, where none may be made." },
  { step: "device shelf", group: "mounts", says: "Makes a place for device nodes that lie outside of /dev." },
  {
    step: "device links",
    group: "mounts",
    says: "Makes links such as /dev/stdin, which lead to descriptors of whoever looks.",
    manual: "symlink(2)",
  },
  { step: "console", group: "mounts", says: "Puts the container's terminal at /dev/console." },
  {
    step: "masks",
    group: "mounts",
    says: "Makes an empty directory and a null device, to hide parts of /proc and /sys behind.",
  },
  { step: "attach masks", group: "mounts", says: "Attaches them where they can be bound from." },
  {
    step: "attach devices",
    group: "mounts",
    says: "Attaches the /dev that the host's side has made, where the container's is copied from.",
  },
  { step: "chroot", group: "mounts", says: "Makes the root filesystem /, in the host's mount namespace." },
  {
    step: "mask ",
    group: "mounts",
    says: "Hides {} behind an empty one: it tells of the host, or lets it be changed.",
  },
  { step: "read-only ", group: "mounts", says: "Makes {} read-only: it sets what the host's kernel does." },
  { step: "read-only root", group: "mounts", says: "Makes the root filesystem read-only." },
  {
    step: "pivot_root",
    group: "mounts",
    says: "Makes the root filesystem / and takes the host's away altogether; chroot would leave it within reach.",
  },
  { step: "move root", group: "mounts", says: "Moves the root filesystem over the host's /." },
  {
    step: "private procfs",
    group: "mounts",
    says: "Opens a procfs that is attached nowhere, to write kernel parameters by: nothing inside can stand in its place.",
    manual: "fsmount(2)",
  },
  {
    step: "sysctl ",
    group: "process",
    says: "Sets the kernel parameter {} of the container's namespaces.",
    manual: "proc_sys(5)",
  },
  { step: "working directory", group: "process", says: "Makes the working directory, if it isn't there." },
  { step: "enter directory", group: "process", says: "Changes into the working directory, as the container's user." },
  {
    step: "session keyring",
    group: "process",
    says: "Takes a key ring of its own, so that none of the host's keys is found.",
  },
  {
    step: "oom score",
    group: "process",
    says: "Sets how likely the kernel picks it when memory runs out.",
    manual: "proc_pid_oom_score_adj(5)",
  },
  { step: "raise rlimit", group: "process", says: "Raises a resource limit while it may." },
  {
    step: "rlimit",
    group: "process",
    says: "Sets a resource limit: here the number of open files.",
    manual: "setrlimit(2)",
  },
  {
    step: "bounding set",
    group: "process",
    says: "Drops capabilities from the bounding set: nothing the container executes can ever get them back.",
    manual: "capabilities(7)",
  },
  { step: "user", group: "process", says: "Becomes the container's user, with its groups." },
  {
    step: "capabilities",
    group: "process",
    says: "Keeps those capabilities that a container has, and lays down all others.",
    manual: "capabilities(7)",
  },
  {
    step: "last capabilities",
    group: "process",
    says: "Lays down the capability that was kept to install the filter.",
    manual: "capabilities(7)",
  },
  {
    step: "no new privileges",
    group: "process",
    says: "Promises the kernel that execve never gives more rights: setuid programs are ordinary ones now.",
  },
  {
    step: "descriptors",
    group: "process",
    says: "Closes every descriptor but 0, 1 and 2 at execve: nothing of the host is left open.",
  },
  { step: "pipes", group: "process", says: "Makes three pipes for input, output and errors.", manual: "pipe(2)" },
  {
    step: "terminal",
    group: "process",
    says: "Opens a new terminal in the container's own devpts; the shim keeps its other end.",
    manual: "pty(7)",
  },
  {
    step: "stdio",
    group: "process",
    says: "Makes a session of its own, and takes terminal or pipes as 0, 1 and 2.",
    manual: "dup(2)",
  },
  {
    step: "death signal",
    group: "process",
    says: "Asks the kernel to kill this process should its parent die before it has become the program.",
    manual: "PR_SET_PDEATHSIG(2const)",
  },
  { step: "scheduler", group: "process", says: "Sets how it is scheduled." },
  { step: "io priority", group: "process", says: "Sets its priority on disks.", manual: "ioprio_set(2)" },
  { step: "memory policy", group: "process", says: "Sets from which memory nodes it is given memory." },
  { step: "personality", group: "process", says: "Sets the execution domain." },
  { step: "record", group: "process", says: "Writes down what is known of the container.", manual: "rename(2)" },
  { step: "trace", group: "process", says: "Writes down what the steps are about.", manual: "pwrite(2)" },
  {
    step: "seccomp profile",
    group: "seccomp",
    says: "Gets the filter of system calls, compiled: from the cache when this profile was compiled before.",
    manual: "seccomp_export_bpf(3)",
  },
  {
    step: "seccomp listener",
    group: "seccomp",
    says: "Connects to who is asked about system calls.",
    manual: "seccomp_unotify(2)",
  },
  { step: "own number", group: "seccomp", says: "Reads its own pid, for who is asked about system calls." },
  {
    step: "seccomp",
    group: "seccomp",
    says: "Installs the filter. From here on the kernel refuses, with EPERM, what the profile doesn't list.",
  },
  {
    step: "find program",
    group: "exec",
    says: "Looks along PATH for a file that the container's user may execute.",
    manual: "access(2)",
  },
  {
    step: "exec",
    group: "exec",
    says: "Becomes the program: the kernel throws away all of this process's memory and begins anew at the program's, or its loader's, first instruction.",
  },
  {
    step: "signal ",
    group: "process",
    says: "Sends {}. SIGTERM asks a program to end, and a process 1 that has no handler for it is not even told; SIGKILL ends it without asking.",
    manual: "signal(7)",
  },
  {
    step: "hang up",
    group: "process",
    says: "Hangs up the container's terminal: a shell ends then, which ignores SIGTERM.",
    manual: "ioctl_tty(2)",
  },
  {
    step: "wait for the end",
    group: "waiting",
    says: "Waits until the process ends: its pidfd becomes readable then. When the time that a stop gives is over, SIGKILL comes next.",
    manual: "pidfd_open(2)",
  },
  {
    step: "reap",
    group: "process",
    says: "Takes the exit status, and with it the process's number is free. Its namespaces have ended with it: the kernel has taken down every mount in them, so there is nothing to unmount.",
    manual: "waitid(2)",
  },
  {
    step: "end the rest",
    group: "cgroups",
    says: "Kills whatever is still in the control group. In a pid namespace of its own nothing is: the kernel ends all of it with its first process.",
    manual: "cgroups(7)",
  },
  {
    step: "last output",
    group: "process",
    says: "Reads what the processes wrote last, from pipes or terminal, for the log and for who watches.",
  },
  {
    step: "exit status",
    group: "process",
    says: "Writes down how it ended, and waits until that is on the disk: whatever happens now, it is known.",
    manual: "rename(2)",
  },
  {
    step: "remove cgroup",
    group: "cgroups",
    says: "Removes the control group, in every hierarchy.",
    manual: "cgroups(7)",
  },
  {
    step: "poststop hooks",
    group: "process",
    says: "Runs the hooks that the bundle asks for after the end.",
    manual: "execve(2)",
  },
  { step: "gate", group: "waiting", says: "Waits until the host's side has done its part and lets it start." },
  { step: "pause", group: "waiting", says: "Waits for the host's side." },
  { step: "paused", group: "waiting", says: "Waits until the container's side has come so far." },
  { step: "resume", group: "waiting", says: "Lets the container's side go on." },
  {
    step: "created",
    group: "waiting",
    says: "Waits until the container's side stands at the gate: it works meanwhile.",
  },
  { step: "go", group: "waiting", says: "Opens the gate: the program may run." },
];

const exact = new Map(rules.filter(({ step }) => !step.endsWith(" ")).map((rule) => [rule.step, rule]));
const prefixes = rules.filter(({ step }) => step.endsWith(" "));

/** What a step is about. One that is not known, a rarer limit or from another version, has no sentence. */
export function meaningOf({ name, call, setting }: Pick<TraceStep, "name" | "call" | "setting">): StepMeaning {
  const rule = exact.get(name) ?? prefixes.find(({ step }) => name.startsWith(step));
  const manual = rule?.manual ?? `${/^\w+/.exec(call)?.[0] ?? call}(2)`;
  if (!rule) return { group: setting?.startsWith("/linux/resources/") ? "cgroups" : "process", says: "", manual };
  return { group: rule.group, says: rule.says.replace("{}", name.slice(rule.step.length)), manual };
}

/** Whether a step's meaning is written down. */
export function isKnownStep(name: string): boolean {
  return exact.has(name) || prefixes.some(({ step }) => name.startsWith(step));
}

/** What a start's time went into: nanoseconds and steps by group, those without a step left out. */
export function shapeOf(steps: readonly TraceStep[]): { group: TraceGroup; ns: number; steps: number }[] {
  return traceGroups
    .map(({ id }) => {
      const own = steps.filter((step) => meaningOf(step).group === id);
      return { group: id, ns: own.reduce((sum, { durationNs }) => sum + durationNs, 0), steps: own.length };
    })
    .filter(({ steps }) => steps > 0);
}
