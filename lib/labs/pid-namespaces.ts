import type { Lab } from "./lab.ts";
import { isApart, type LabState } from "./state.ts";

/** How many pid namespaces a process is deeper than the lab's first. */
const depth = ({ first }: LabState, numbers: readonly number[]) => numbers.length - first.numbers.length;

export const pidNamespaces: Lab = {
  name: "pid-namespaces",
  title: "PID namespaces",
  summary: "Why a container's program is number 1, and what /proc has to do with it.",
  text: [
    "A pid namespace is a count of its own. The first process in it is number 1; the host sees the same process under another number. It sees down, and nobody sees up: inside there is no name for what is outside.",
    "Number 1 is special. Orphans become its children, signals that it does not catch don't reach it, and when it ends the kernel kills all the others. That is why a container ends with its program.",
    "`ps` reads `/proc`, and a `/proc` belongs to the pid namespace that it was mounted in. A container that sees the host's processes has the host's `/proc`, whatever its pid namespace is.",
  ],
  notes: [
    {
      line: "flags | SIGCHLD, nullptr)",
      text: "The caller stays where it is: a process never changes its pid namespace. `unshare(CLONE_NEWPID)` moves only the children that come later.",
    },
    {
      line: "getpid() is %d, getppid() is %d",
      text: "The parent is outside and has no number in here: `getppid()` answers 0.",
    },
    {
      line: "MS_REC | MS_PRIVATE",
      text: "Mounts spread from one mount namespace to another where they are shared, as systemd makes them. Private first, or the host's `/proc` is replaced.",
    },
    {
      line: 'mount("proc", "/proc", "proc"',
      text: "A new `/proc` shows the namespace of whoever mounts it. The old one is still there, below.",
    },
    {
      line: "clone_into(sleep_inside, CLONE_NEWPID, 1)",
      text: "Namespaces nest, 32 deep at most. The process inside has a number in each: three of them in this lab, and a fourth on the host.",
    },
    {
      line: "CLONE_NEWPID | CLONE_NEWNS)",
      text: "A mount namespace goes with it, so that the new `/proc` is seen by this child alone.",
    },
    {
      line: "waitpid(-1, nullptr, 0) < 0",
      text: "The sleeper was killed by the kernel, in `zap_pid_ns_processes()`, before number 1 counted as ended.",
    },
  ],
  tasks: [
    {
      id: "apart",
      title: "A process in a pid namespace of its own",
      detail: "It has one number more than this lab's shell.",
      command: "pid-namespaces sleep",
      seenIn: "NSpid in /proc/PID/status",
      isDone: (state) => state.processes.some(({ numbers }) => depth(state, numbers) >= 1),
    },
    {
      id: "nested",
      title: "Two namespaces deep",
      detail: "A namespace in a namespace: two numbers more than the shell's.",
      command: "pid-namespaces nested",
      seenIn: "NSpid in /proc/PID/status",
      isDone: (state) => state.processes.some(({ numbers }) => depth(state, numbers) >= 2),
    },
    {
      id: "proc",
      title: "A shell that sees itself alone",
      detail: "Number 1 of its namespace, with a /proc of that namespace over the old one. Run ps in it.",
      command: "unshare --pid --fork --mount-proc bash --norc",
      seenIn: "NSpid in /proc/PID/status, and the mounts of type proc in /proc/PID/mountinfo",
      isDone: (state) =>
        state.processes.some(
          (process) =>
            depth(state, process.numbers) >= 1 &&
            process.numbers.at(-1) === 1 &&
            isApart(state, process, "mnt") &&
            process.mounts.filter(({ target, type }) => target === "/proc" && type === "proc").length > 1,
        ),
    },
  ],
};
