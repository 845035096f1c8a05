import type { TraceStep } from "./trace.ts";

/** Settings of a container that steps of its start carry out, as the API names them, with the word that people see. */
export const tracedSettings = {
  image: "Image",
  command: "Command",
  workingDir: "Working directory",
  user: "User",
  hostname: "Host name",
  tty: "Terminal",
  network: "Network",
  userNamespace: "User namespace",
  readOnly: "Root filesystem",
  binds: "Binds",
  "limits.memoryBytes": "Memory",
  "limits.cpus": "CPU",
  "limits.pids": "Processes",
} as const;

export type TracedSetting = keyof typeof tracedSettings;

export function isTracedSetting(value: unknown): value is TracedSetting {
  return typeof value === "string" && Object.hasOwn(tracedSettings, value);
}

/** Beginnings of JSON pointers into the bundle's config.json, and what is to be set for them. */
const pointers: readonly [string, TracedSetting][] = [
  ["/process/args", "command"],
  ["/process/cwd", "workingDir"],
  ["/process/user", "user"],
  ["/process/terminal", "tty"],
  ["/hostname", "hostname"],
  ["/root/readonly", "readOnly"],
  ["/root/path", "image"],
  ["/annotations", "image"],
  ["/linux/uidMappings", "userNamespace"],
  ["/linux/resources/memory", "limits.memoryBytes"],
  ["/linux/resources/cpu", "limits.cpus"],
  ["/linux/resources/pids", "limits.pids"],
];

/** The setting of the container that a step carries out; null for one that every container has. */
export function settingOf(
  { name, setting }: Pick<TraceStep, "name" | "setting">,
  binds: readonly { target: string }[],
): TracedSetting | null {
  if (name === "loopback") return "network";
  if (name === "user namespace") return "userNamespace";
  const mounted = /^(?:mount|prepare|remount) (\/.*)$/.exec(name)?.[1];
  if (mounted !== undefined) return binds.some(({ target }) => target === mounted) ? "binds" : null;
  return pointers.find(([pointer]) => setting === pointer || setting?.startsWith(`${pointer}/`))?.[1] ?? null;
}
