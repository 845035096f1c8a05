import type { Lab } from "./lab.ts";
import { isApart } from "./state.ts";

export const userNamespaces: Lab = {
  name: "user-namespaces",
  title: "User namespaces",
  summary: "How root in a container can be nobody on the host.",
  text: [
    "A user namespace has its own users. A map of three columns says who they are outside: `0 100000 65536` makes number 0 inside number 100000 outside, number 1 100001, and so on. Files and signals go by the outside number.",
    "Whoever makes a user namespace has every capability in it. That sounds like more than it is: a capability counts for what belongs to a namespace, and every other namespace belongs to the user namespace that it was made in.",
    "So anybody can be root of something small. This lab itself runs so: its root is user 2147352576 of the host, who owns nothing there.",
  ],
  notes: [
    {
      line: "int file = open(path, O_WRONLY | O_CLOEXEC);",
      text: "A map is written once, in one `write`. Afterwards it can't be changed.",
    },
    {
      line: '"0 %u 1", user);',
      text: "Inside, outside, how many. Without a right over other users of the outside, one may map oneself alone; `newuidmap` gives out more, from `/etc/subuid`.",
    },
    {
      line: '"/proc/self/setgroups", "deny"',
      text: "Since Linux 3.19. A file that is closed to a group could be opened by leaving that group (CVE-2014-8989).",
    },
    {
      line: 'tell("inside, without a map");',
      text: "65534 is what the kernel says of everybody who has no number here (`/proc/sys/kernel/overflowuid`). The capabilities are all there.",
    },
    {
      line: "uid_t user = getuid();",
      text: "Asked for before: afterwards the answer is 65534.",
    },
    {
      line: "if (unshare(CLONE_NEWUTS) < 0)",
      text: "The new UTS namespace belongs to the new user namespace, so its root may rename the host.",
    },
    {
      line: 'mount("none", "/mnt", "tmpfs"',
      text: "The mount namespace was made before, in another user namespace: the right to mount there is that one's to give.",
    },
  ],
  tasks: [
    {
      id: "nobody",
      title: "A namespace in which everybody is nobody",
      detail: "A process in a user namespace that has no map.",
      command: "user-namespaces nobody",
      seenIn: "the link /proc/PID/ns/user, and /proc/PID/uid_map",
      isDone: (state) =>
        state.processes.some((process) => isApart(state, process, "user") && process.userMap.trim() === ""),
    },
    {
      id: "root",
      title: "Root of a namespace of its own",
      detail: "Number 0 inside, and mapped to one user outside.",
      command: "user-namespaces root",
      seenIn: "/proc/PID/uid_map",
      isDone: (state) =>
        state.processes.some(
          (process) => isApart(state, process, "user") && /^0\s+\d+\s+1$/.test(process.userMap.trim()),
        ),
    },
    {
      id: "somebody",
      title: "A shell as user 1000",
      detail: "The same user of the host as this lab's root, under the number 1000. Ask id, and touch a file.",
      command: "unshare --user --map-user=1000 bash --norc",
      seenIn: "/proc/PID/uid_map",
      isDone: (state) =>
        state.processes.some(
          (process) => isApart(state, process, "user") && /^1000\s+\d+\s+1$/.test(process.userMap.trim()),
        ),
    },
  ],
};
