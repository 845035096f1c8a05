import { readFile } from "node:fs/promises";
import type { ContainerReport, Finding, HostReport } from "../../lib/contract/host.ts";
import { ProblemError } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { resolveBinds } from "../engine/binds.ts";
import { delegatedRanges, overlap } from "../engine/id-ranges.ts";
import { programFiles, readExecution } from "../engine/program-files.ts";
import { type ReadText, resolveUser, textReader, type User } from "../engine/resolve-user.ts";
import { firstProcess, withRoot } from "../files/container-root.ts";
import { isFolder } from "../images/layer-store.ts";
import type { ContainerRecord } from "../state/record.ts";
import { checkCommand } from "./check-command.ts";
import { findBarrier, lookBeneath } from "./find-barrier.ts";
import { readHostReport } from "./host-report.ts";

/**
 * What one container needs of this host and of its own files, and whether that is there now: the checks that explain a
 * start that has failed, made before the next one. Nothing is started or changed.
 */
export async function readContainerReport(context: Context, record: ContainerRecord): Promise<ContainerReport> {
  const parts = await Promise.all([
    readHostReport(context.installation).then((report) => hostFindings(report, record)),
    checkFiles(context, record),
    checkBinds(context, record),
    checkIdRange(record),
    checkMaskedViews(record),
  ]);
  return { containerId: record.id, name: record.spec.name, findings: parts.flat() };
}

/** Of the host's features those that this container uses; what it asked for itself it can't do without. */
export function hostFindings(
  { findings }: Pick<HostReport, "findings">,
  { spec, idRange }: Pick<ContainerRecord, "spec" | "idRange">,
): Finding[] {
  const { memoryBytes, cpus, pids } = spec.limits;
  const limits: Record<string, string> = {
    "controller-memory": `for its limit of ${memoryBytes} bytes`,
    "controller-cpu": `for its limit of ${cpus} cores`,
    "controller-pids": `for its limit of ${pids} processes`,
  };
  const ofOwnUsers = ["namespace-user", "user-namespaces-limit", "ids", "idmapped-mounts"];
  return findings.flatMap((finding) => {
    const { id, name, needed } = finding;
    if (id in limits) return [{ ...finding, name: `${name}, ${limits[id]}`, needed: true }];
    if (ofOwnUsers.includes(id)) return idRange ? [{ ...finding, needed: true }] : [];
    if (id === "namespace-net" && spec.network === "host") return [];
    return needed && !id.startsWith("program-") ? [finding] : [];
  });
}

async function checkFiles(context: Context, record: ContainerRecord): Promise<Finding[]> {
  const { lower, spec } = record;
  const runs = firstProcess(context, record) !== null;
  const isThere = runs || (lower !== null && (await isFolder(lower)));
  const image: Finding = {
    ...{ id: "image", group: "Program", name: `Its image, ${spec.image}`, there: isThere, needed: true },
    found: lower === null ? "it was never unpacked" : `${lower} ${isThere ? "is there" : "is not a folder any more"}`,
    lost: "It has no root filesystem to start from.",
    remedy: "Put the image back where it was; a start unpacks an archive, and makes the host's image, anew.",
  };
  const execution = isThere ? await readExecution(context, record) : null;
  if (!execution) return [image];
  // What lies below a bind is seen while the container runs alone.
  const binds = runs ? [] : spec.binds;
  const found = await withRoot(context, record.id, "read", async (root, own) => {
    const [user, account] = await findUser(textReader(context.addon, root), spec.user);
    const look = lookBeneath(own, root);
    const files = {
      ...programFiles(context, root, binds),
      barrier: async (path: string) => account && findBarrier(look, path, account),
    };
    return [...(await checkCommand(files, execution)), ...user];
  });
  return [image, ...found];
}

/** Who its user is, and what there is to say of it: nothing where none was asked for. */
async function findUser(read: ReadText, user: string | undefined): Promise<[Finding[], User | null]> {
  if (user === undefined) return [[], null];
  let account: User | null = null;
  const finding = await tried(
    { id: "user", group: "Program", name: `Its user, ${user}`, lost: "It does not start." },
    async () => {
      account = await resolveUser(read, user);
      return `user ${account.uid} of the container`;
    },
  );
  return [[finding], account];
}

function checkBinds({ config }: Context, { spec }: ContainerRecord): Promise<Finding[]> {
  return Promise.all(
    spec.binds.map((bind, index) =>
      tried(
        {
          ...{ id: `bind-${index}`, group: "Binds", name: `${bind.source} for ${bind.target}` },
          lost: "It does not start: what it was to see there would be missing.",
        },
        async () => `${(await resolveBinds([bind], config.configFile))[0]?.source ?? bind.source} may be bound`,
      ),
    ),
  );
}

/** A check that throws a problem when something is missing; else it says what it found. */
async function tried(
  part: Pick<Finding, "id" | "group" | "name" | "lost">,
  check: () => Promise<string>,
): Promise<Finding> {
  try {
    return { ...part, there: true, needed: true, found: await check(), remedy: "" };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { detail, remedy = "" } = error.problem;
    return { ...part, there: false, needed: true, found: detail, remedy };
  }
}

/** Whether the container's ids are still nobody else's. */
async function checkIdRange({ idRange, idRangeMissing, spec }: ContainerRecord): Promise<Finding[]> {
  const part = { id: "id-range", group: "Users", name: "Ids of its own" };
  if (!idRange) {
    if (idRangeMissing === null) return [];
    return [
      {
        ...{ ...part, there: false, needed: spec.userNamespace === "own", found: idRangeMissing },
        lost: "Root in it is the host's root, held back by capabilities, seccomp and namespaces alone.",
        remedy: "Make it anew on an image and a kernel that can id-map mounts.",
      },
    ];
  }
  const { start, size } = idRange;
  const other = (await delegatedRanges()).find((range) => overlap(range, idRange));
  const ids = `${start} to ${start + size - 1}`;
  return [
    {
      ...{ ...part, there: other === undefined, needed: false },
      found: other
        ? `${ids}, of which /etc/subuid or /etc/subgid gives ${other.start} to ${other.start + other.size - 1} to somebody`
        : `${ids}, which nobody else is given`,
      lost: "Somebody else's processes and files have the container's ids.",
      remedy: "Give that user other ids in /etc/subuid and /etc/subgid, or make the container anew.",
    },
  ];
}

/**
 * Only who sees all of the host's procfs and sysfs may mount others from inside a user namespace (Linux 4.2,
 * mount_too_revealing() in fs/namespace.c). Mounts on folders that are empty for good hide nothing.
 */
async function checkMaskedViews({ idRange, spec }: ContainerRecord): Promise<Finding[]> {
  if (!idRange) return [];
  const masks = maskedViews(await readFile("/proc/self/mountinfo", "utf8"), spec.network !== "host");
  return [
    {
      ...{ id: "whole-views", group: "Users", name: "All of the host's /proc and /sys", needed: true },
      there: masks.length === 0,
      found: masks.length === 0 ? "nothing is mounted over parts of them" : `mounted over: ${masks.join(", ")}`,
      lost: "The kernel lets its user namespace have no /proc or /sys of its own: EPERM.",
      remedy: "Take these mounts away (`findmnt -R /proc /sys`), or make it anew without a user namespace.",
    },
  ];
}

/** What procfs and sysfs keep empty for others to be mounted on (proc_create_mount_point(), sysfs_create_mount_point()). */
const alwaysEmpty = [
  ...["/proc/sys/fs/binfmt_misc", "/proc/fs/nfsd", "/proc/openprom", "/proc/xen", "/sys/fs/cgroup", "/sys/fs/bpf"],
  ...["/sys/kernel/debug", "/sys/kernel/tracing", "/sys/kernel/security", "/sys/kernel/config", "/sys/fs/selinux"],
  ...["/sys/fs/fuse/connections", "/sys/fs/pstore", "/sys/fs/smackfs", "/sys/firmware/efi/efivars", "/sys/hypervisor"],
];

/** Mount points that hide a part of /proc or, with `sysfs`, of /sys; mountinfo as in proc_pid_mountinfo(5). */
export function maskedViews(mountinfo: string, sysfs: boolean): string[] {
  const points = mountinfo.split("\n").map((line) => line.split(" ")[4] ?? "");
  const hides = (point: string) =>
    (point.startsWith("/proc/") || (sysfs && point.startsWith("/sys/"))) &&
    !alwaysEmpty.some((folder) => point === folder || point.startsWith(`${folder}/`));
  return [...new Set(points.filter(hides))];
}
