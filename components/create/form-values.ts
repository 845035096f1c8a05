import { formatCommand } from "@/lib/contract/command.ts";
import { CreateContainer, type CreateContainerInput, defaultCommand } from "@/lib/contract/container.ts";
import type { FieldError } from "@/lib/contract/problem.ts";

export const memoryUnits = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;
export type MemoryUnit = keyof typeof memoryUnits;

/** The create form as it is typed. */
export interface FormValues {
  name: string;
  image: string;
  command: string;
  tty: boolean;
  network: "loopback" | "host";
  /** `NAME=value`, one a line. */
  env: string;
  workingDir: string;
  memory: string;
  memoryUnit: MemoryUnit;
  cpus: string;
  pids: string;
}

export type FieldName = Exclude<keyof FormValues, "tty" | "network" | "memoryUnit">;
export type FieldErrors = Partial<Record<FieldName, string>>;

export function initialValues(name: string): FormValues {
  const { image, workingDir, tty, network, limits } = CreateContainer.parse({});
  return {
    name,
    image,
    command: formatCommand(defaultCommand),
    tty,
    network,
    env: "",
    workingDir,
    memory: String(limits.memoryBytes / memoryUnits.MiB),
    memoryUnit: "MiB",
    cpus: String(limits.cpus),
    pids: String(limits.pids),
  };
}

/** The request that the form stands for, whether it fits or not. Fields that are left empty get their defaults. */
export function toRequest(values: FormValues): CreateContainerInput {
  const memory = readNumber(values.memory);
  const cpus = readNumber(values.cpus);
  const pids = readNumber(values.pids);
  return {
    ...(values.name.trim() !== "" && { name: values.name.trim() }),
    ...(values.image.trim() !== "" && { image: values.image.trim() }),
    ...(values.command.trim() !== "" && { command: values.command }),
    ...(values.workingDir.trim() !== "" && { workingDir: values.workingDir.trim() }),
    tty: values.tty,
    network: values.network,
    env: readEnvironment(values.env),
    limits: {
      ...(memory !== undefined && { memoryBytes: Math.round(memory * memoryUnits[values.memoryUnit]) }),
      ...(cpus !== undefined && { cpus }),
      ...(pids !== undefined && { pids }),
    },
  };
}

function readNumber(text: string): number | undefined {
  return text.trim() === "" ? undefined : Number(text.trim().replace(",", "."));
}

function readEnvironment(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf("=");
      return equals < 0 ? [line.trim(), ""] : [line.slice(0, equals).trim(), line.slice(equals + 1)];
    }),
  );
}

/** What is wrong with the form, by field: by the very schema that the server checks with. Empty when it fits. */
export function validate(values: FormValues): FieldErrors {
  const errors: FieldErrors = {};
  for (const field of ["memory", "cpus", "pids"] as const) {
    if (Number.isNaN(readNumber(values[field]) ?? 0)) errors[field] = "must be a number";
  }
  const parsed = CreateContainer.safeParse(toRequest(values));
  if (parsed.success) return errors;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  return { ...byField(issues), ...errors };
}

const fields: Record<string, FieldName> = {
  name: "name",
  image: "image",
  command: "command",
  env: "env",
  workingDir: "workingDir",
  "limits.memoryBytes": "memory",
  "limits.cpus": "cpus",
  "limits.pids": "pids",
};

/** Errors by the form's fields; of two for one field the first. Those for no field are left out. */
export function byField(errors: readonly FieldError[]): FieldErrors {
  const found: FieldErrors = {};
  for (const { path, message } of errors) {
    const field = fields[path] ?? fields[path.split(".")[0] ?? ""];
    if (field) found[field] ??= message;
  }
  return found;
}
