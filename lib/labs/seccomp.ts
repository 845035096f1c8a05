import type { Lab } from "./lab.ts";

/** signal(7) */
const sigsys = 31;

export const seccomp: Lab = {
  name: "seccomp",
  title: "seccomp",
  summary: "A program that the kernel asks before every system call.",
  text: [
    "Linux has some 360 system calls; most programs need fewer than a hundred. Each of the others is code of the kernel that somebody who has taken a program over could try. A seccomp filter closes it.",
    "The filter is a small program of its own, in the language of classic BPF: no loops, no memory. It sees the number of the call, the architecture and the six arguments as numbers, and says what is to happen: let it through, answer with an errno, kill.",
    "It sees numbers and not what pointers lead to, for that could change after it has looked. Filters add up, the strictest answer wins, and none can be taken back.",
  ],
  notes: [
    {
      line: "offsetof(seccomp_data, arch)",
      text: "The architecture first. One process can make calls by several tables, as x86-64 has three, and a number means another call in each.",
    },
    {
      line: "BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0)",
      text: "Equal: skip one instruction. Else: go on with the next one, which kills.",
    },
    {
      line: "SYS_mkdirat, 0, 1)",
      text: "A filter of a container has some hundred such comparisons. libseccomp sorts them into a tree, so that a call costs no more than a handful.",
    },
    {
      line: "PR_SET_NO_NEW_PRIVS, 1",
      text: "Or CAP_SYS_ADMIN. It also keeps set-user-ID programs from gaining anything, for good.",
    },
    {
      line: "SECCOMP_SET_MODE_FILTER, 0, &filter",
      text: "From this line on every system call of this process runs through the filter.",
    },
    {
      line: "syscall(SYS_mkdirat, -100",
      text: "-100 is `AT_FDCWD`. Filters that name a call and forget its relatives (`mkdir`, `mkdirat`) are the classic mistake: lists of what is allowed are safer.",
    },
    {
      line: "if (fork() == 0) {",
      text: "Inherited over `fork` and `execve`: what a container's first process is forbidden, all its processes are.",
    },
    {
      line: "strsignal(WTERMSIG(status))",
      text: "SIGSYS, and not to be caught with `KILL_PROCESS`. The kernel's audit log names the call.",
    },
  ],
  tasks: [
    {
      id: "filter",
      title: "A process behind one filter more",
      detail: "This lab's shell has one already, the container's.",
      command: "seccomp filter",
      seenIn: "Seccomp_filters in /proc/PID/status",
      isDone: ({ first, processes }) =>
        processes.some(
          ({ state, status }) => state !== "Z" && Number(status.Seccomp_filters) > Number(first.status.Seccomp_filters),
        ),
    },
    {
      id: "killed",
      title: "Be killed by a filter",
      detail: "A zombie that SIGSYS has ended.",
      command: "seccomp kill",
      seenIn: "field 52, exit_code, of /proc/PID/stat",
      isDone: ({ processes }) => processes.some(({ endedBy }) => endedBy === sigsys),
    },
  ],
};
