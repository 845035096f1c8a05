import type { Container, UpdateContainerInput } from "@/lib/contract/container.ts";
import { CreateContainer } from "@/lib/contract/container.ts";
import { type FormValues, toRequest } from "./form-values.ts";

/** Settings that can be changed, and what a person calls them. */
export const settingNames = {
  name: "Name",
  command: "Command",
  env: "Variables",
  workingDir: "Working directory",
  user: "User",
  hostname: "Host name",
  tty: "Terminal",
  network: "Network",
  limits: "Limits",
  readOnly: "Read-only root",
  binds: "Binds",
  labels: "Labels",
  restart: "Restart policy",
  autoRemove: "Delete at its end",
} as const;
export type Setting = keyof typeof settingNames;

const settings = Object.keys(settingNames) as Setting[];
const liveSettings: readonly Setting[] = ["name", "labels", "limits", "restart", "autoRemove"];

type Settings = Pick<Container, Setting>;

/** The settings that two accounts of a container do not agree on. */
export function differences(one: Settings, other: Settings): readonly Setting[] {
  return settings.filter((setting) => canonical(one[setting]) !== canonical(other[setting]));
}

/** JSON in which the order of an object's keys does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The settings that a form which fits asks for. */
export function settingsOf(values: FormValues, base: Container): Settings {
  const { name = base.name, filesFrom: _, image: __, ...rest } = CreateContainer.parse(toRequest(values));
  return { ...rest, name, hostname: rest.hostname ?? name };
}

/** What to send so that a container which is like `base` becomes as the form says. Empty when nothing changes. */
export function toChange(values: FormValues, base: Container): UpdateContainerInput {
  const wanted = settingsOf(values, base);
  // A host name that nobody touched stays as it is, also when the name changes.
  const touched = values.hostname.trim() !== base.hostname;
  const changed = differences(wanted, base).filter((setting) => setting !== "hostname" || touched);
  return Object.fromEntries(changed.map((setting) => [setting, wanted[setting]]));
}

/** Of a change, what a container must not run for. */
export function needsStop(change: UpdateContainerInput): readonly Setting[] {
  return settings.filter((setting) => setting in change && !liveSettings.includes(setting));
}

/** A setting's value as a line of text. */
export function describeSetting(settings: Settings, setting: Setting): string {
  const value = settings[setting];
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (setting === "command") return settings.command.join(" ");
  if (setting === "limits") {
    const { memoryBytes, cpus, pids } = settings.limits;
    return `${memoryBytes / 1024 ** 2} MiB, ${cpus} CPU, ${pids} processes`;
  }
  if (setting === "binds") {
    return settings.binds
      .map(({ source, target, readOnly }) => `${source}:${target}${readOnly ? ":ro" : ""}`)
      .join(", ");
  }
  const pairs = Object.entries(value as Record<string, string>).map(([name, text]) => `${name}=${text}`);
  return pairs.join(", ") || "none";
}
