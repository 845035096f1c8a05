import { formatCommand } from "@/lib/contract/command.ts";
import {
  type Container,
  CreateContainer,
  type CreateContainerInput,
  type UserNamespace,
} from "@/lib/contract/container.ts";
import type { FieldError } from "@/lib/contract/problem.ts";
import { randomId } from "../random-id.ts";

export const memoryUnits = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;
export type MemoryUnit = keyof typeof memoryUnits;

/** A row of a list of pairs; `key` tells rows apart while they are typed. */
export interface PairRow {
  key: string;
  name: string;
  value: string;
}

export interface BindRow {
  key: string;
  source: string;
  target: string;
  readOnly: boolean;
}

/** The form as it is typed. */
export interface FormValues {
  name: string;
  image: string;
  command: string;
  workingDir: string;
  user: string;
  hostname: string;
  tty: boolean;
  network: "loopback" | "host";
  userNamespace: UserNamespace;
  memory: string;
  memoryUnit: MemoryUnit;
  cpus: string;
  pids: string;
  env: readonly PairRow[];
  labels: readonly PairRow[];
  binds: readonly BindRow[];
  readOnly: boolean;
  restart: "no" | "on-failure" | "always";
  /** How often at most after a failure; empty for always. */
  retries: string;
  autoRemove: boolean;
  /** Of a clone: its files are copied too. */
  copyFiles: boolean;
}

/** Fields that are told what is wrong with them. */
export type FieldName =
  | "name"
  | "image"
  | "command"
  | "workingDir"
  | "user"
  | "hostname"
  | "memory"
  | "cpus"
  | "pids"
  | "env"
  | "labels"
  | "binds"
  | "retries"
  | "autoRemove"
  | "copyFiles";
export type FieldErrors = Partial<Record<FieldName, string>>;

export const pairRow = (name = "", value = ""): PairRow => ({ key: randomId(), name, value });
export const bindRow = (bind: Partial<BindRow> = {}): BindRow => ({
  source: "",
  target: "",
  readOnly: true,
  ...bind,
  key: randomId(),
});

/** The form for a new container with every default. */
export function initialValues(name: string): FormValues {
  return valuesOf({ ...CreateContainer.parse({}), hostname: "" }, name);
}

/** Settings that a container and a request have in common. */
type Settings = Pick<
  Container,
  | "image"
  | "command"
  | "env"
  | "workingDir"
  | "user"
  | "tty"
  | "network"
  | "userNamespace"
  | "limits"
  | "readOnly"
  | "binds"
  | "labels"
  | "restart"
  | "autoRemove"
  | "hostname"
>;

/** The form for settings that there are, such as those of a container that is edited or cloned. */
export function valuesOf(settings: Settings, name: string): FormValues {
  const { image, command, env, workingDir, user, hostname, tty, network, limits, binds, labels, autoRemove } = settings;
  const [restart = "no", retries = ""] = settings.restart.split(":");
  return {
    name,
    image,
    command: formatCommand(command),
    workingDir,
    user,
    hostname,
    tty,
    network,
    userNamespace: settings.userNamespace,
    ...splitMemory(limits.memoryBytes),
    cpus: String(limits.cpus),
    pids: String(limits.pids),
    env: Object.entries(env).map(([variable, value]) => pairRow(variable, value)),
    labels: Object.entries(labels).map(([label, value]) => pairRow(label, value)),
    binds: binds.map(bindRow),
    readOnly: settings.readOnly,
    restart: restart as FormValues["restart"],
    retries,
    autoRemove,
    copyFiles: false,
  };
}

/** Bytes as a number with the largest unit that leaves no rest; KiB with a fraction when none does. */
function splitMemory(bytes: number): Pick<FormValues, "memory" | "memoryUnit"> {
  for (const unit of ["GiB", "MiB", "KiB"] as const) {
    if (bytes % memoryUnits[unit] === 0) return { memory: String(bytes / memoryUnits[unit]), memoryUnit: unit };
  }
  return { memory: String(bytes / 1024), memoryUnit: "KiB" };
}

/** The request that the form stands for, whether it fits or not. Fields that are left empty get their defaults. */
export function toRequest(values: FormValues, cloneOf?: string): CreateContainerInput {
  const memory = readNumber(values.memory);
  const cpus = readNumber(values.cpus);
  const pids = readNumber(values.pids);
  const text = (field: "name" | "image" | "workingDir" | "user" | "hostname") => {
    const value = values[field].trim();
    return value === "" ? {} : { [field]: value };
  };
  return {
    ...text("name"),
    ...text("image"),
    ...(values.command.trim() !== "" && { command: values.command }),
    ...text("workingDir"),
    ...text("user"),
    ...text("hostname"),
    tty: values.tty,
    network: values.network,
    userNamespace: values.userNamespace,
    env: readPairs(values.env),
    labels: readPairs(values.labels),
    binds: values.binds
      .filter(({ source, target }) => source.trim() !== "" || target.trim() !== "")
      .map(({ source, target, readOnly }) => ({ source: source.trim(), target: target.trim(), readOnly })),
    readOnly: values.readOnly,
    restart: restartPolicy(values),
    autoRemove: values.autoRemove,
    limits: {
      ...(memory !== undefined && { memoryBytes: Math.round(memory * memoryUnits[values.memoryUnit]) }),
      ...(cpus !== undefined && { cpus }),
      ...(pids !== undefined && { pids }),
    },
    ...(cloneOf !== undefined && values.copyFiles && { filesFrom: cloneOf }),
  };
}

function restartPolicy({ restart, retries }: FormValues): string {
  return restart === "on-failure" && retries.trim() !== "" ? `on-failure:${retries.trim()}` : restart;
}

function readNumber(text: string): number | undefined {
  return text.trim() === "" ? undefined : Number(text.trim().replace(",", "."));
}

function readPairs(rows: readonly PairRow[]): Record<string, string> {
  const named = rows.filter(({ name, value }) => name.trim() !== "" || value !== "");
  return Object.fromEntries(named.map(({ name, value }) => [name.trim(), value]));
}

/** What is wrong with the form, by field: by the very schema that the server checks with. Empty when it fits. */
export function validate(values: FormValues): FieldErrors {
  const errors: FieldErrors = {};
  for (const field of ["memory", "cpus", "pids"] as const) {
    if (Number.isNaN(readNumber(values[field]) ?? 0)) errors[field] = "must be a number";
  }
  for (const field of ["env", "labels"] as const) {
    const twice = firstTwice(values[field].map(({ name }) => name.trim()).filter(Boolean));
    if (twice !== undefined) errors[field] = `${twice} is there twice`;
  }
  if (values.autoRemove && values.restart !== "no") {
    errors.autoRemove = "a container that is started again cannot be deleted at its end";
  }
  const parsed = CreateContainer.safeParse(toRequest(values));
  if (parsed.success) return errors;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  return { ...byField(issues), ...errors };
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}

const fields: Record<string, FieldName> = {
  name: "name",
  image: "image",
  command: "command",
  env: "env",
  workingDir: "workingDir",
  user: "user",
  hostname: "hostname",
  labels: "labels",
  binds: "binds",
  restart: "retries",
  autoRemove: "autoRemove",
  filesFrom: "copyFiles",
  "limits.memoryBytes": "memory",
  "limits.cpus": "cpus",
  "limits.pids": "pids",
};

/** Errors by the form's fields; of two for one field the first. Those for no field are left out. */
export function byField(errors: readonly FieldError[]): FieldErrors {
  const found: FieldErrors = {};
  for (const { path, message } of errors) {
    const [head = "", ...rest] = path.split(".");
    const field = fields[path] ?? fields[head];
    if (!field) continue;
    const place = field === "binds" && rest.length > 0 ? `${Number(rest[0]) + 1}: ${rest.slice(1).join(".")} ` : "";
    found[field] ??= `${place}${message}`;
  }
  return found;
}
