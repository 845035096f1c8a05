import type { Lab } from "./lab.ts";
import type { LabGroup, LabState } from "./state.ts";

/** signal(7) */
const sigkill = 9;
/** A second of it, in periods of 100 ms; the program's first run has some four. */
const clearlyThrottled = 10;
/** What fills memory is throttled, too, but computes in the kernel. */
const clearlyComputing = 1;

/** The lab's own group. */
const own = ({ groups }: LabState): LabGroup | undefined => groups.find(({ path }) => path === "");

export const cgroupLimits: Lab = {
  name: "cgroup-limits",
  title: "Control group limits",
  summary: "How much a container gets, and three ways in which the kernel says no.",
  text: [
    "Namespaces decide what a process sees; control groups decide how much it gets. A group is a directory that the kernel makes files in: a limit is a number written into one of them, what is used is a number read from another. Children are born into the group of their parent.",
    "What happens at the limit depends on what runs out. Memory can't be waited for: when nothing more can be reclaimed, the kernel kills a process of the group. A process too many is refused, `fork()` fails with EAGAIN. Time comes again: who has used up the share of a period waits for the next one.",
    "This lab has 256 MiB, 64 processes and half a core. It sees its group under `/sys/fs/cgroup` and can't write there: the limits are the host's. Outside, other groups notice nothing of what happens here; that is what they are for.",
  ],
  notes: [
    {
      line: 'groups("/proc/self/cgroup")',
      text: "Here every path is `/`: a cgroup namespace shows the own group as the root. Version 1 has a line for each controller, version 2 one line, `0::`.",
    },
    {
      line: '"memory.usage_in_bytes", "memory.current"',
      text: "Version 1 and version 2 have other names for most files, and count the same.",
    },
    {
      line: "PROT_READ | PROT_WRITE, MAP_PRIVATE",
      text: "More than the limit can be mapped. Only the first write to a page takes memory, and only then the group is charged, or its killer called.",
    },
    {
      line: "pid_t child = fork();",
      text: "EAGAIN at the limit. `pids.current` counts threads, too, and zombies until somebody has waited for them.",
    },
    {
      line: "CLOCKS_PER_SEC / 5",
      text: "`clock()` counts the time in which this process computed. With 50 ms in every 100 ms it takes twice as long by the clock on the wall.",
    },
    {
      line: "WEXITED | WNOWAIT",
      text: "The kernel chose the child, which holds most, and not this process or the shell. SIGKILL, without a word before.",
    },
  ],
  tasks: [
    {
      id: "memory",
      title: "Be killed for memory",
      detail: "The group has counted a kill, and a zombie that SIGKILL has ended is still there.",
      command: "cgroup-limits memory",
      seenIn: "oom_kill in memory.events (version 1: memory.oom_control), and field 52, exit_code, of /proc/PID/stat",
      isDone: (state) => (own(state)?.oomKills ?? 0) > 0 && state.processes.some(({ endedBy }) => endedBy === sigkill),
    },
    {
      id: "pids",
      title: "A group that is full",
      detail: "As many processes as are allowed. Until one of them ends, no other can begin.",
      command: "cgroup-limits pids",
      seenIn: "pids.current and pids.max, and Threads in /proc/PID/status",
      isDone: (state) => {
        const { pids = null, pidsLimit = null } = own(state) ?? {};
        // All of them have been there for a while, too: a program that is refused once passes through this.
        const lasting = state.processes.reduce((sum, { threads }) => sum + threads, 0);
        return pids !== null && pidsLimit !== null && pids >= pidsLimit && lasting >= pidsLimit;
      },
    },
    {
      id: "cpu",
      title: "Made to wait, period after period",
      detail:
        "A process that has computed for a second and goes on, in a group that has been throttled in ten periods.",
      command: "cgroup-limits cpu",
      seenIn: "nr_throttled in cpu.stat, and fields 3 and 14, state and utime, of /proc/PID/stat",
      isDone: (state) =>
        (own(state)?.throttledPeriods ?? 0) >= clearlyThrottled &&
        state.processes.some((process) => process.state === "R" && process.userSeconds >= clearlyComputing),
    },
  ],
};
