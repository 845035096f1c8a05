import type { Lab } from "./lab.ts";
import { isApart } from "./state.ts";

export const chroot: Lab = {
  name: "chroot",
  title: "chroot against pivot_root",
  summary: "The oldest jail, the classic way out of it, and why that way is closed in a container.",
  text: [
    "`chroot()` has been there since 1979. It sets one field of a process: the directory where `/` begins and where `..` ends. The rest of the file system is still mounted, just out of reach, as long as nobody reaches for it.",
    'Root can. A second `chroot()` moves the border below the working directory; `..` then never meets it, and climbs to the top. The manual page says so itself: chroot "is not intended to be used for any kind of security purpose".',
    "`pivot_root()` exchanges the root mount itself. The old one can then be unmounted, and is gone from the mount namespace: there is nothing above that `..` could lead to. MiniRun starts every container so.",
  ],
  notes: [
    {
      line: "unshare(CLONE_NEWNS)",
      text: "From here on mounts are this process's own affair; with its end they are gone. Even the lab's shell does not see the small root.",
    },
    {
      line: 'mount("small", kRoot, "tmpfs"',
      text: "`pivot_root()` takes only the root of a mount. For `chroot()` any directory would do.",
    },
    {
      line: "if (chroot(kRoot) < 0)",
      text: "It takes CAP_SYS_CHROOT. Neither the working directory nor open descriptors change: each of them is a way out, too.",
    },
    {
      line: 'if (chroot("below") < 0)',
      text: "The trick. The root is now `below`; the working directory is above it, and stays there.",
    },
    {
      line: 'if (chdir("..") < 0)',
      text: 'The kernel compares each `..` with the root of the process. We are above that, so the comparison is never true. A single `chdir("../../..")` would do as well.',
    },
    {
      line: 'SYS_pivot_root, ".", "."',
      text: "Both names are one directory: the old root is put on top of the new one. So no directory for it is needed in the new root, which may be read-only.",
    },
    {
      line: "MNT_DETACH",
      text: "Only this makes it safe. As long as the old root is mounted somewhere, there is a path to it.",
    },
  ],
  tasks: [
    {
      id: "jail",
      title: "A process in a chroot",
      detail: "Its root is another directory than the shell's, and something is above it.",
      command: "chroot jail",
      seenIn: "/proc/PID/root, and /proc/PID/root/..",
      isDone: ({ first, processes }) =>
        processes.some(({ root, aboveRoot }) => root !== "" && root !== first.root && aboveRoot !== root),
    },
    {
      id: "escape",
      title: "Break out of it",
      detail: "The process has the small root mounted, and still its / is the shell's.",
      command: "chroot escape",
      seenIn: "/proc/PID/root and /proc/PID/mountinfo",
      isDone: (state) =>
        state.processes.some(
          (process) =>
            isApart(state, process, "mnt") &&
            process.root === state.first.root &&
            process.mounts.some(({ source, type }) => source === "small" && type === "tmpfs"),
        ),
    },
    {
      id: "pivot",
      title: "A root with nothing above it",
      detail: "Its root is another one than the shell's, and .. leads nowhere.",
      command: "chroot pivot",
      seenIn: "/proc/PID/root, and /proc/PID/root/..",
      isDone: ({ first, processes }) =>
        processes.some(({ root, aboveRoot }) => root !== "" && root !== first.root && aboveRoot === root),
    },
  ],
};
