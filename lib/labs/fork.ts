import type { Lab } from "./lab.ts";
import { isApart } from "./state.ts";

export const fork: Lab = {
  name: "fork",
  title: "fork against clone",
  summary: "Two ways to make a process, and why a container takes the second.",
  text: [
    "Every process but the first is a copy of another. `fork()` copies all of it: memory, descriptors, working directory. Both go on from the same place in the program, each with its own copy.",
    "`clone()` is the same system call with a list of wishes. Each flag says of one thing whether the two share it (`CLONE_VM`: memory) or the child gets a new one (`CLONE_NEWUTS`: a namespace). A thread is a clone that shares nearly everything; a container is one that shares nearly nothing.",
    "Whoever makes a process owes it a `wait()`: until then the kernel keeps the exit status of a child that has ended. It is a zombie.",
  ],
  notes: [
    {
      line: "int number = 1;",
      text: "One variable tells the two calls apart: a child changes it, and then its parent looks.",
    },
    {
      line: "MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK",
      text: "A child that shares memory must not share the stack, so `clone()` asks for one. The raw system call takes none, and then behaves like `fork()`.",
    },
    {
      line: "static_cast<char*>(stack) + kStackSize",
      text: "Stacks grow downwards on nearly every machine: what is handed over is the top.",
    },
    {
      line: "if (child == 0) _exit(change_number(nullptr));",
      text: "`fork()` returns twice: 0 in the child, the child's number in the parent. `_exit` because `exit` would also flush the parent's buffered output, which was copied, too.",
    },
    {
      line: "clone_into(change_number, CLONE_VM | SIGCHLD)",
      text: "The low byte of the flags is the signal that the parent gets at the end. Without `SIGCHLD`, a plain `waitpid` does not find the child.",
    },
    {
      line: "clone_into(rename_host, CLONE_NEWUTS | SIGCHLD)",
      text: "One flag more, and the child has a host name of its own. A container's first process is cloned with six or seven such flags at once.",
    },
    {
      line: "usleep(50'000);",
      text: "In these 50 ms nobody asks for the exit status. `ps` shows the state Z, and the memory is long gone.",
    },
    {
      line: "CLONE_SIGHAND | CLONE_THREAD",
      text: "`CLONE_THREAD` puts both into one thread group: they have one pid, and two entries in `/proc/PID/task`.",
    },
  ],
  tasks: [
    {
      id: "zombie",
      title: "Leave a zombie",
      detail: "A process has ended, and its parent does not ask how.",
      command: "fork zombie",
      seenIn: "State Z in /proc/PID/stat",
      isDone: ({ processes }) => processes.some(({ state }) => state === "Z"),
    },
    {
      id: "thread",
      title: "One process, two threads",
      detail: "Two tasks of the kernel that share memory, descriptors and a pid.",
      command: "fork thread",
      seenIn: "Threads in /proc/PID/status",
      isDone: ({ processes }) => processes.some(({ threads }) => threads > 1),
    },
    {
      id: "uts",
      title: "A child with a host name of its own",
      detail: "A process that is in another UTS namespace than this lab's shell.",
      command: "fork uts",
      seenIn: "the link /proc/PID/ns/uts",
      isDone: (state) => state.processes.some((process) => isApart(state, process, "uts")),
    },
  ],
};
