/** The signals that a person may send, and what programs make of them by custom. */
export const signals = [
  { name: "SIGTERM", meaning: "asks to end" },
  { name: "SIGKILL", meaning: "ends at once" },
  { name: "SIGINT", meaning: "as Ctrl-C" },
  { name: "SIGHUP", meaning: "hang up, or reload" },
  { name: "SIGQUIT", meaning: "ends with a core dump" },
  { name: "SIGUSR1", meaning: "as the program likes" },
  { name: "SIGUSR2", meaning: "as the program likes" },
  { name: "SIGSTOP", meaning: "halts" },
  { name: "SIGCONT", meaning: "goes on" },
  { name: "SIGWINCH", meaning: "window resized" },
] as const;

export type Signal = (typeof signals)[number]["name"];
