import { formatCommand } from "@/lib/contract/command.ts";
import { CreateContainer, type CreateContainerInput } from "@/lib/contract/container.ts";

const defaults = CreateContainer.parse({});

/** A request without what is the default anyway. One that does not fit stays as it is. */
export function withoutDefaults(request: CreateContainerInput): CreateContainerInput {
  const parsed = CreateContainer.safeParse(request);
  if (!parsed.success) return request;
  const { limits, ...rest } = parsed.data;
  const given = different(rest, defaults);
  const givenLimits = different(limits, defaults.limits);
  return { ...given, ...(Object.keys(givenLimits).length > 0 && { limits: givenLimits }) };
}

function different<T extends object>(value: T, from: Partial<T>): Partial<T> {
  const entries = Object.entries(value).filter(
    ([key, item]) => JSON.stringify(item) !== JSON.stringify(from[key as keyof T]),
  );
  return Object.fromEntries(entries) as Partial<T>;
}

/** The `./minirun create` that asks for the same. */
export function formatCreateCommand(request: CreateContainerInput): string {
  const { name, image, command, env = {}, workingDir, hostname, tty, network, limits = {} } = withoutDefaults(request);
  const { memoryBytes, cpus, pids } = limits;
  const words = ["./minirun", "create"];
  if (name !== undefined) words.push(name);
  const option = (flag: string, value: string | number | undefined) => {
    if (value !== undefined) words.push(flag, String(value));
  };
  option("--image", image);
  option("--memory", memoryBytes === undefined ? undefined : formatSize(memoryBytes));
  option("--cpus", cpus);
  option("--pids", pids);
  option("--network", network);
  option("--workdir", workingDir);
  option("--hostname", hostname);
  for (const [key, value] of Object.entries(env)) option("--env", `${key}=${value}`);
  if (tty === false) words.push("--no-tty");
  if (command !== undefined) words.push("--", ...(typeof command === "string" ? [command] : command));
  return formatCommand(words);
}

/** Bytes as `./minirun` takes them: with the largest unit that leaves no rest. */
function formatSize(bytes: number): string {
  for (const [unit, size] of [
    ["g", 1024 ** 3],
    ["m", 1024 ** 2],
    ["k", 1024],
  ] as const) {
    if (bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}

/** The curl call that asks for the same, with the operator token of the machine that it runs on. */
export function formatCurl(request: CreateContainerInput, origin: string): string {
  const body = JSON.stringify(withoutDefaults(request));
  return [
    `curl ${origin}/api/v1/containers`,
    `  -H "Authorization: Bearer $(./minirun token)"`,
    `  -H 'Content-Type: application/json'`,
    `  -d '${body.replaceAll("'", "'\\''")}'`,
  ].join(" \\\n");
}
