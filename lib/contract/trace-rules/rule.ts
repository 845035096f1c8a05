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

/** What the steps of one name, or of names that begin alike, are about. `{}` in `says` stands for what follows the name: a path, a host name. */
export interface Rule extends Omit<StepMeaning, "manual"> {
  /** The step's name; one that ends with a blank stands for every name that begins with it. */
  step: string;
  /** Where the page is not that of the call itself, in section 2. */
  manual?: string;
}
