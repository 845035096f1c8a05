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

/**
 * The `./minirun run` that makes and starts the same in the background. A clone's copy of files has no option there:
 * that is `./minirun clone`, followed by a start.
 */
export function formatRunCommand(request: CreateContainerInput): string {
  const { name, image = defaults.image, command, filesFrom, tty, autoRemove } = withoutDefaults(request);
  const words = command === undefined ? [] : typeof command === "string" ? [command] : command;
  if (filesFrom !== undefined) {
    const named = name === undefined ? [] : [name];
    const clone = ["./minirun", "clone", ...options(request), filesFrom, ...named];
    return `${formatCommand(words.length > 0 ? [...clone, "--", ...words] : clone)} &&\n./minirun start ${name ?? "…"}`;
  }
  return formatCommand([
    ...["./minirun", "run", tty === false ? "-d" : "-dt"],
    ...(autoRemove ? ["--rm"] : []),
    ...(name === undefined ? [] : ["--name", name]),
    ...options(request),
    image,
    ...words,
  ]);
}

/** The options that `create`, `run` and `clone` share. */
function options(request: CreateContainerInput): string[] {
  const { env, workingDir, user, hostname, network, userNamespace, limits, readOnly, binds, labels, restart } =
    withoutDefaults(request);
  const option = (flag: string, value: string | number | undefined) =>
    value === undefined ? [] : [flag, String(value)];
  const pairs = (flag: string, record: Record<string, string> = {}) =>
    Object.entries(record).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  return [
    ...option("--memory", limits?.memoryBytes === undefined ? undefined : formatSize(limits.memoryBytes)),
    ...option("--cpus", limits?.cpus),
    ...option("--pids-limit", limits?.pids),
    ...option("--network", network),
    ...option("--userns", userNamespace),
    ...option("--workdir", workingDir),
    ...option("--user", user),
    ...option("--hostname", hostname),
    ...option("--restart", restart),
    ...(readOnly ? ["--read-only"] : []),
    ...(binds ?? []).flatMap((bind) => [
      "--volume",
      `${bind.source}:${bind.target}${bind.readOnly === false ? "" : ":ro"}`,
    ]),
    ...pairs("--env", env),
    ...pairs("--label", labels),
  ];
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
