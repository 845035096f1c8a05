import * as z from "zod";
import { ContainerId, ContainerState } from "./container.ts";

const count = z.number().nullable();
const bytes = z.number();

/** What the kernel view is made of. Each part is read by itself, and only when it is asked for. */
export const kernelParts = [
  "namespaces",
  "processes",
  "controlGroup",
  "capabilities",
  "mounts",
  "seccomp",
  "idMaps",
  "network",
  "descriptors",
] as const;
export const KernelPart = z.enum(kernelParts);
export type KernelPart = z.infer<typeof KernelPart>;

/** A namespace of the container's first process, beside the host's of the same kind. */
export const KernelNamespace = z.object({
  kind: z.enum(["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"]),
  inode: z.string().describe("what tells it from others, as in pid:[4026531836]").nullable(),
  hostInode: z.string().nullable(),
  ownerInode: z.string().nullable().describe("the user namespace whose root rules it"),
  own: z.boolean().describe("false: it is the host's"),
});
export type KernelNamespace = z.infer<typeof KernelNamespace>;

/** A process as the container and as the host count it; texts are as the process set them. */
export const KernelProcess = z.object({
  pid: z.int().describe("in the container's pid namespace; 0 for one outside of it"),
  hostPid: z.int(),
  hostParentPid: z.int(),
  uid: z.int().describe("effective, as the host counts"),
  state: z.string().describe("as in ps: R, S, D, T, Z, I"),
  name: z.string(),
  command: z.array(z.string()),
  threads: z.int(),
  cpuSeconds: z.number(),
  memoryBytes: bytes.describe("resident"),
});
export type KernelProcess = z.infer<typeof KernelProcess>;

/** A mount of the container's mount namespace, as /proc/PID/mountinfo has it. */
export const KernelMount = z.object({
  id: z.int(),
  parent: z.int(),
  device: z.string(),
  root: z.string().describe("what part of its file system is mounted"),
  point: z.string().describe("as the container sees it"),
  options: z.array(z.string()),
  propagation: z.array(z.string()).describe("shared:N, master:N, propagate_from:N, unbindable; empty is private"),
  type: z.string(),
  source: z.string(),
  superOptions: z.array(z.string()),
  coveredBy: z.int().nullable().describe("id of the mount that hides it"),
  overlay: z
    .object({
      lower: z.array(z.string()).describe("as the kernel says"),
      lowerFolders: z
        .array(z.string())
        .nullable()
        .describe(
          "of the container's root: the same layers by their folders; an id-mapped one is mounted nowhere, and the kernel calls it /",
        ),
      upper: z.string(),
      work: z.string(),
    })
    .nullable()
    .describe("the folders on the host that an overlay is made of"),
});
export type KernelMount = z.infer<typeof KernelMount>;

const PressureLine = z
  .object({ avg10: z.number(), avg60: z.number(), avg300: z.number(), totalUs: z.number() })
  .nullable();

/** A file of the control group; `role` says what it is for, `text` is what it reads now. */
export const ControlFile = z.object({
  path: z.string(),
  role: z.enum(["limit", "use", "peak", "pressure", "events"]),
  text: z.string(),
});
export type ControlFile = z.infer<typeof ControlFile>;

/**
 * What one controller holds the container to. Memory in bytes, pids in tasks; the CPU in nanoseconds used so far, its
 * limit in nanoseconds of each second.
 */
export const ControlResource = z.object({
  name: z.enum(["memory", "cpu", "pids", "io"]),
  use: count,
  limit: count.describe("null: none"),
  peak: count,
  pressure: z
    .object({ some: PressureLine, full: PressureLine })
    .nullable()
    .describe("null where control groups v1 or a kernel without PSI have none"),
  counts: z.record(z.string(), z.number()).describe("such as limitHits, oomKills, throttledPeriods"),
  files: z.array(ControlFile).describe("empty: the host has no such controller"),
});
export type ControlResource = z.infer<typeof ControlResource>;

export const capabilitySets = ["bounding", "permitted", "effective", "inheritable", "ambient"] as const;
export type CapabilitySet = (typeof capabilitySets)[number];
const names = z.array(z.string());

/** What a filter answers; `errno` is the name of what the call returns. */
export const SeccompAction = z.object({
  action: z.enum(["allow", "errno", "kill-process", "kill-thread", "trap", "log", "trace", "notify"]),
  errno: z.string().nullable(),
});
export type SeccompAction = z.infer<typeof SeccompAction>;

/** What the filter answers to one system call; more than one answer where it looks at `arguments` (0 is the first). */
export const SeccompCall = z.object({
  number: z.int(),
  name: z.string(),
  answers: z.array(SeccompAction),
  arguments: z.array(z.int()),
});
export type SeccompCall = z.infer<typeof SeccompCall>;

const IdRange = z.object({ inside: z.number(), outside: z.number(), count: z.number() });
export type IdRange = z.infer<typeof IdRange>;

/** An open descriptor. `access`: r, w, b for both, p for a path alone. */
export const KernelDescriptor = z.object({
  number: z.int(),
  target: z.string(),
  access: z.string(),
  closesOnExec: z.boolean(),
  position: z.number(),
});
export type KernelDescriptor = z.infer<typeof KernelDescriptor>;

export const KernelInterface = z.object({
  index: z.int(),
  name: z.string(),
  kind: z.string(),
  hardwareAddress: z.string(),
  mtu: z.int(),
  up: z.boolean(),
  running: z.boolean(),
  receivedBytes: bytes,
  sentBytes: bytes,
  receivedPackets: z.number(),
  sentPackets: z.number(),
  addresses: z.array(z.object({ address: z.string(), prefix: z.int(), scope: z.string() })),
});
export type KernelInterface = z.infer<typeof KernelInterface>;

export const KernelRoute = z.object({
  destination: z.string(),
  gateway: z.string().nullable(),
  interface: z.string(),
  type: z.string(),
  metric: z.number(),
});
export type KernelRoute = z.infer<typeof KernelRoute>;

/** Why a part could not be read. */
export const UnreadPart = z.object({
  part: KernelPart,
  call: z.string(),
  subject: z.string(),
  errno: z.string(),
  reason: z.string(),
});
export type UnreadPart = z.infer<typeof UnreadPart>;

/** The parts of a kernel view, as far as they were asked for and could be read. Where `total` is more, the rest is left out. */
export const KernelState = z.object({
  namespaces: z.array(KernelNamespace).optional(),
  processes: z.object({ total: z.int(), items: z.array(KernelProcess) }).optional(),
  mounts: z.object({ total: z.int(), items: z.array(KernelMount) }).optional(),
  controlGroup: z
    .object({
      version: z.int().describe("0: this host has no control groups"),
      path: z.string(),
      frozen: z.boolean(),
      resources: z.array(ControlResource),
    })
    .optional(),
  capabilities: z
    .object({
      known: names.describe("all that this kernel has"),
      bounding: names,
      permitted: names,
      effective: names,
      inheritable: names,
      ambient: names,
      noNewPrivileges: z.boolean(),
    })
    .optional(),
  seccomp: z
    .object({
      mode: z.enum(["none", "strict", "filter"]),
      filters: z.int().describe("how many are installed; 0 also on a kernel that doesn't tell (before Linux 5.9)"),
      instructions: z.int(),
      calls: z.array(SeccompCall).describe("what the program answers to each system call of this machine"),
    })
    .optional(),
  idMaps: z.object({ uids: z.array(IdRange), gids: z.array(IdRange), setgroups: z.boolean() }).optional(),
  network: z
    .object({
      totalInterfaces: z.int(),
      interfaces: z.array(KernelInterface),
      totalRoutes: z.int(),
      routes: z.array(KernelRoute),
    })
    .optional(),
  descriptors: z
    .object({
      total: z.int(),
      processes: z.array(
        z.object({
          pid: z.int(),
          hostPid: z.int(),
          name: z.string(),
          total: z.int(),
          items: z.array(KernelDescriptor),
        }),
      ),
    })
    .optional(),
  unread: z.array(UnreadPart),
});
export type KernelState = z.infer<typeof KernelState>;

/** What the kernel holds for a running container at one moment. */
export const KernelView = KernelState.extend({
  containerId: ContainerId,
  name: z.string(),
  at: z.iso.datetime(),
  state: ContainerState,
  pid: z.int().describe("of the first process, as the host counts"),
}).meta({ id: "KernelView" });
export type KernelView = z.infer<typeof KernelView>;

export const KernelQuery = z.object({
  parts: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(KernelPart).min(1))
    .optional()
    .describe("some of them, with commas between; all when left out"),
  follow: z.stringbool().default(false),
});
export type KernelQuery = z.infer<typeof KernelQuery>;

/** A system call to be tried against the container's filter, by its name. */
export const TrySystemCall = z.strictObject({ call: z.string().min(1).max(64) });
export type TrySystemCall = z.infer<typeof TrySystemCall>;

/** What became of it in a scratch container with the same filter. */
export const TriedSystemCall = z
  .object({
    call: z.string(),
    number: z.int(),
    returned: z.number().nullable().describe("null when the process was killed"),
    errno: z.string().nullable(),
    meaning: z.string().nullable().describe("of the errno, in words"),
    signal: z.string().nullable(),
    milliseconds: z.number(),
  })
  .meta({ id: "TriedSystemCall" });
export type TriedSystemCall = z.infer<typeof TriedSystemCall>;
