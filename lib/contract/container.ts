import * as z from "zod";
import { parseCommand } from "./command.ts";
import { Problem } from "./problem.ts";

const MiB = 1024 * 1024;

/** Limits that a container gets when its creator names none. */
export const defaultLimits = { memoryBytes: 512 * MiB, cpus: 0.5, pids: 512 } as const;

export const ContainerName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_.-]{0,62}$/,
    "must start with a lower-case letter or a digit, go on with those, '_', '.' or '-', and have at most 63 characters",
  )
  .meta({ id: "ContainerName", examples: ["web-1"] });

export const ContainerId = z.uuid().meta({ id: "ContainerId" });

/** Enforced by cgroup controllers: memory (bytes, swap included), cpu (cores), pids (tasks). */
export const Limits = z
  .strictObject({
    memoryBytes: z
      .int()
      .min(4096, "must be at least 4096 bytes, one page")
      .max(2 ** 50)
      .default(defaultLimits.memoryBytes),
    cpus: z
      .number()
      .min(0.01, "must be at least 0.01 cores, the least that the kernel takes")
      .max(4096)
      .default(defaultLimits.cpus),
    pids: z.int().min(1, "must be at least 1").max(4_194_304).default(defaultLimits.pids),
  })
  .meta({ id: "Limits" });
export type Limits = z.infer<typeof Limits>;

const noNul = (what: string) => z.string().refine((text) => !text.includes("\0"), `${what} must not contain NUL`);

export const EnvironmentName = z
  .string()
  .regex(/^[^=\0]+$/, "a variable's name must not be empty or contain '=' or NUL");

export const Command = z
  .union([noNul("the command").max(65_536), z.array(noNul("an argument").max(65_536)).min(1).max(1024)])
  .transform((value, context) => {
    const words = typeof value === "string" ? parseCommand(value) : value;
    if (typeof words === "string") context.addIssue({ code: "custom", message: words });
    else if (!words[0]) context.addIssue({ code: "custom", message: "must name a program" });
    else return words;
    return z.NEVER;
  });

const defaultCommand = ["/bin/bash", "-l"];

/** Docker's notation: never, after an end with another code than 0 (at most N times in a row), or after every end. */
export const RestartPolicy = z
  .string()
  .regex(/^(no|always|on-failure(:[1-9]\d{0,3})?)$/, "must be no, on-failure, on-failure:N or always")
  .meta({ id: "RestartPolicy", examples: ["no", "on-failure:5", "always"] });

const AbsolutePath = z
  .string()
  .regex(/^\/[^\0]*$/, "must be an absolute path")
  .max(4095);

/** A directory or file of the host in the container; root's configuration says which sources are allowed. */
export const Bind = z
  .strictObject({ source: AbsolutePath, target: AbsolutePath, readOnly: z.boolean().default(true) })
  .meta({ id: "Bind" });
export type Bind = z.infer<typeof Bind>;

export const Labels = z
  .record(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/, "a label's name has letters, digits, '.', '_', '/' or '-'"),
    noNul("a label's value").max(4096),
  )
  .refine((labels) => Object.keys(labels).length <= 64, "a container has at most 64 labels")
  .meta({ id: "Labels" });

/** A user namespace: see CreateContainer. */
export const UserNamespace = z.enum(["auto", "own", "host"]).meta({ id: "UserNamespace" });
export type UserNamespace = z.infer<typeof UserNamespace>;

const specification = {
  image: z
    .string()
    .min(1)
    .max(4096)
    .default("host")
    .describe("'host', or the absolute path of a directory or tar archive that root's configuration allows"),
  env: z.record(EnvironmentName, noNul("a variable's value")).default({}),
  workingDir: AbsolutePath.default("/"),
  user: z
    .string()
    .regex(/^[^:\s\0]{1,64}(:[^:\s\0]{1,64})?$/, "must be USER or USER:GROUP, each a name in the image or a number")
    .default("root")
    .describe("USER or USER:GROUP, each a name in the image's /etc/passwd and /etc/group, or a number"),
  hostname: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/, "must be a host name of at most 64 characters")
    .optional()
    .describe("the container's name when left out"),
  tty: z.boolean().default(true),
  network: z
    .enum(["loopback", "host"])
    .default("loopback")
    .describe("a network namespace of its own with lo alone, or the host's"),
  userNamespace: UserNamespace.default("auto").describe(
    "own: users of the container, root too, are others on the host; host: they are the same; auto: own where this kernel can, which 'missing' tells otherwise",
  ),
  limits: Limits.prefault({}),
  readOnly: z.boolean().default(false).describe("the root filesystem can't be written to"),
  binds: z.array(Bind).max(32, "at most 32 binds").default([]),
  labels: Labels.default({}),
  restart: RestartPolicy.default("no"),
  autoRemove: z.boolean().default(false).describe("deleted by itself once it has ended"),
};

/** What a client sends to create a container. */
export const CreateContainer = z
  .strictObject({
    name: ContainerName.optional().describe("made up when left out"),
    command: Command.prefault(defaultCommand).describe(
      "an array is executed as it is; a string is split into words, or given to /bin/sh -c when it uses shell syntax",
    ),
    ...specification,
    filesFrom: ContainerName.optional().describe("name or id of a container whose written files are copied: a clone"),
  })
  .meta({ id: "CreateContainer" });
export type CreateContainer = z.infer<typeof CreateContainer>;
export type CreateContainerInput = z.input<typeof CreateContainer>;

/** A container as it was asked for, with nothing left open: what the worker makes a bundle from. */
export const ContainerSpec = z.strictObject({
  name: ContainerName,
  command: z.array(noNul("an argument").max(65_536)).min(1).max(1024),
  ...specification,
  // What was written down before there were user namespaces had the host's.
  userNamespace: UserNamespace.default("host"),
});
export type ContainerSpec = z.infer<typeof ContainerSpec>;

/**
 * A change of a container; what is left out stays. Name, labels, limits and restart policy change at once, everything
 * else only while the container does not run.
 */
export const UpdateContainer = z
  .strictObject({
    name: ContainerName.optional(),
    command: Command.optional(),
    env: z.record(EnvironmentName, noNul("a variable's value")).optional(),
    workingDir: AbsolutePath.optional(),
    user: specification.user.unwrap().optional(),
    hostname: specification.hostname,
    tty: z.boolean().optional(),
    network: specification.network.unwrap().optional(),
    limits: z
      .strictObject({
        memoryBytes: Limits.shape.memoryBytes.unwrap().optional(),
        cpus: Limits.shape.cpus.unwrap().optional(),
        pids: Limits.shape.pids.unwrap().optional(),
      })
      .optional(),
    readOnly: z.boolean().optional(),
    binds: z.array(Bind).max(32, "at most 32 binds").optional(),
    labels: Labels.optional(),
    restart: RestartPolicy.optional(),
    autoRemove: z.boolean().optional(),
  })
  .meta({ id: "UpdateContainer" });
export type UpdateContainer = z.infer<typeof UpdateContainer>;
export type UpdateContainerInput = z.input<typeof UpdateContainer>;

/**
 * created: never started · running · paused: frozen by its control group · restarting: it ended, and starts again at
 * `nextStartAt` · exited: it ended, see `exitCode` and `reason` · lost: its shim died or the host rebooted.
 */
export const ContainerState = z
  .enum(["created", "starting", "running", "paused", "stopping", "restarting", "exited", "lost"])
  .meta({ id: "ContainerState" });
export type ContainerState = z.infer<typeof ContainerState>;

export const ExitReason = z.enum(["exited", "signaled", "out-of-memory", "shim-died", "host-rebooted"]);
export type ExitReason = z.infer<typeof ExitReason>;

/** A feature that this kernel lacks and the container runs without. */
export const MissingFeature = z.object({ feature: z.string(), reason: z.string() });

/** Consecutive user and group ids of the host. */
export const IdRange = z.object({ start: z.int(), size: z.int() }).meta({ id: "IdRange" });
export type IdRange = z.infer<typeof IdRange>;

/**
 * A container as every face shows it. Times are RFC 3339 in UTC; `pid` is that of its PID 1 as the host counts.
 * Defaults stand for what version 0.1.0 did not write down.
 */
export const Container = z
  .object({
    id: ContainerId,
    name: ContainerName,
    node: z.string(),
    image: z.string(),
    command: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    workingDir: z.string(),
    user: z.string().default("root"),
    hostname: z.string(),
    tty: z.boolean(),
    network: z.enum(["loopback", "host"]),
    userNamespace: UserNamespace.default("host"),
    idRange: IdRange.nullable()
      .default(null)
      .describe("the host's ids that are this container's, from 0 on; null when it has the host's"),
    limits: Limits,
    readOnly: z.boolean().default(false),
    binds: z.array(Bind).default([]),
    labels: z.record(z.string(), z.string()).default({}),
    restart: RestartPolicy,
    autoRemove: z.boolean().default(false),
    state: ContainerState,
    generation: z.int(),
    revision: z.int().default(0).describe("counts the changes of this container: its ETag"),
    pid: z.int().nullable(),
    exitCode: z.int().nullable(),
    signal: z.string().nullable(),
    reason: ExitReason.nullable(),
    oomKills: z.int(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    restartCount: z.int().default(0).describe("starts by its restart policy since someone last started it"),
    nextStartAt: z.iso.datetime().nullable().default(null).describe("when the restart policy starts it again"),
    missing: z.array(MissingFeature),
    problem: Problem.nullable().describe("why the last operation on it failed; null after one that succeeded"),
  })
  .meta({ id: "Container" });
export type Container = z.infer<typeof Container>;

const states = ContainerState.options.join(", ");
const sortKeys = ["name", "createdAt", "startedAt", "state", "image"] as const;

/** Query of a list: filters are ANDed; `cursor` is `next` of the page before. */
export const ListContainers = z.object({
  state: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(ContainerState, `must be some of ${states}, with commas between`))
    .optional()
    .describe(`one or more of ${states}, with commas between`),
  search: z.string().max(100).optional().describe("part of a name, image, command or label"),
  label: z.string().max(4300).optional().describe("NAME or NAME=VALUE"),
  sort: z.enum([...sortKeys, ...sortKeys.map((key) => `-${key}` as const)]).default("-createdAt"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(200).optional(),
});
export type ListContainers = z.infer<typeof ListContainers>;

export const ContainerList = z
  .object({ items: z.array(Container), next: z.string().nullable() })
  .meta({ id: "ContainerList" });
export type ContainerList = z.infer<typeof ContainerList>;

/** How a container's last run ended. */
export const ContainerEnd = Container.pick({ state: true, exitCode: true, signal: true, reason: true }).meta({
  id: "ContainerEnd",
});
export type ContainerEnd = z.infer<typeof ContainerEnd>;
