import type { Lab } from "./lab.ts";
import type { LabProcess } from "./state.ts";

const chown = 0;
const netBindService = 10;

const setOf = ({ status }: LabProcess, name: string) => BigInt(`0x${status[name] ?? "0"}`);
const has = (process: LabProcess, name: string, capability: number) =>
  ((setOf(process, name) >> BigInt(capability)) & 1n) === 1n;
/** Real user, as the host counts. */
const userOf = ({ status }: LabProcess) => status.Uid?.split(/\s+/)[0];

export const capabilities: Lab = {
  name: "capabilities",
  title: "Capabilities",
  summary: "What root may do, in pieces, and how a container gets only some of them.",
  text: [
    "Root's power is not one thing. Since Linux 2.2 the kernel asks for a capability instead: `CAP_CHOWN` to give files away, `CAP_NET_BIND_SERVICE` for ports below 1024, `CAP_SYS_ADMIN` for far too much. uid 0 without any of them is an ordinary user who owns many files.",
    "A process has five sets. Effective is what counts now, permitted what it may make effective. `execve()` works out both anew, from the file, from what is inheritable, and for root from the bounding set: what is not in that one never comes back.",
    "A container of MiniRun starts with 11 of them, and with a bounding set of the same 11. An ordinary user in it has none.",
  ],
  notes: [
    {
      line: "__user_cap_data_struct half[2];",
      text: "There are 41 capabilities, and the interface is from a time when 32 were enough.",
    },
    {
      line: "if (syscall(SYS_capget",
      text: "What `grep Cap /proc/self/status` shows, too. libcap has wrappers with names; the calls are these.",
    },
    {
      line: "chown(kFile, 1000, 1000)",
      text: "The file is our own, and still it may not be given away: otherwise one could hide a full quota at somebody else's.",
    },
    {
      line: "PR_CAPBSET_DROP",
      text: "For one capability at a time, for oneself and all children, and for good.",
    },
    {
      line: "PR_SET_KEEPCAPS",
      text: "Without this, the change from uid 0 to another clears permitted and effective.",
    },
    {
      line: "PR_CAP_AMBIENT_RAISE",
      text: "Since Linux 4.3: ambient capabilities stay over `execve()` of any program. Before, an ordinary user's program had to have them in its file.",
    },
  ],
  tasks: [
    {
      id: "drop",
      title: "Root who can't give files away",
      detail: "The same user as this lab's shell, without CAP_CHOWN, now and for all that it executes.",
      command: "capabilities drop",
      seenIn: "CapEff and CapBnd in /proc/PID/status",
      isDone: ({ first, processes }) =>
        processes.some(
          (process) =>
            userOf(process) === userOf(first) &&
            process.state !== "Z" &&
            !has(process, "CapEff", chown) &&
            !has(process, "CapBnd", chown),
        ),
    },
    {
      id: "keep",
      title: "An ordinary user with one capability",
      detail: "CAP_NET_BIND_SERVICE alone, which a program that it executes keeps.",
      command: "capabilities keep",
      seenIn: "CapEff and CapAmb in /proc/PID/status",
      isDone: ({ first, processes }) =>
        processes.some(
          (process) =>
            userOf(process) !== userOf(first) &&
            setOf(process, "CapEff") === 1n << BigInt(netBindService) &&
            setOf(process, "CapAmb") === setOf(process, "CapEff"),
        ),
    },
    {
      id: "none",
      title: "Root with nothing at all",
      detail: "A shell that is still uid 0, and has no capability left. Try chown, hostname, kill.",
      command: "setpriv --bounding-set=-all bash --norc",
      seenIn: "CapEff in /proc/PID/status",
      isDone: ({ first, processes }) =>
        processes.some(
          (process) => userOf(process) === userOf(first) && process.state !== "Z" && setOf(process, "CapEff") === 0n,
        ),
    },
  ],
};
