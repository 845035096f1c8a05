import type { ContainerSpec, IdRange, Limits } from "../../lib/contract/container.ts";
import { defaultCapabilities, defaultMounts, hostSysfs, type Mount, maskedPaths, readonlyPaths } from "./mounts.ts";
import type { User } from "./resolve-user.ts";

/** What a bundle is made from, besides what was asked for. */
export interface BundleInput {
  id: string;
  spec: ContainerSpec;
  /** Lower layer of the root filesystem: an absolute path that overlayfs takes as it stands. */
  lower: string;
  /** The container's folder, in which upper and work lie. */
  folder: string;
  /** The ids of a user namespace of its own. */
  ids: IdRange | null;
  /** Name of the cgroup that holds every container's. */
  cgroup: string;
  /** linux.seccomp of the OCI specification. */
  seccomp: unknown;
  /** Hard limit of open files on this host: a container's can't be higher. */
  maxOpenFiles: number;
  /** Who `spec.user` is in this container. */
  user: User;
  /** What `spec.binds` come to. */
  binds: readonly Mount[];
}

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** Period of the CPU quota, in microseconds: the kernel's own default. */
const cpuPeriod = 100_000;

/** The OCI bundle's config.json for a container. */
export function makeBundle(input: BundleInput) {
  const { id, spec, lower, folder, ids, cgroup, seccomp, maxOpenFiles, user, binds } = input;
  const mappings = ids && [{ containerID: 0, hostID: ids.start, size: ids.size }];
  // Another user than root has none, as after a change of user by setuid (capabilities(7)).
  const granted = user.uid === 0 ? defaultCapabilities : [];
  return {
    ociVersion: "1.2.0",
    hostname: hostnameOf(spec),
    root: { path: "rootfs", readonly: spec.readOnly },
    process: {
      terminal: spec.tty,
      ...(spec.tty && { consoleSize: { width: 80, height: 24 } }),
      user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
      args: spec.command,
      env: environment(spec, user),
      cwd: spec.workingDir,
      noNewPrivileges: true,
      capabilities: {
        bounding: defaultCapabilities,
        effective: granted,
        permitted: granted,
        inheritable: [],
        ambient: [],
      },
      rlimits: [{ type: "RLIMIT_NOFILE", soft: Math.min(1024, maxOpenFiles), hard: Math.min(524_288, maxOpenFiles) }],
    },
    mounts: [...mountsOf(spec, ids), ...binds],
    annotations: {
      "dev.minirun.overlay.lower": lower,
      "dev.minirun.overlay.upper": `${folder}/upper`,
      "dev.minirun.overlay.work": `${folder}/work`,
      "dev.minirun.binds": "real-paths",
      ...(ids && { "dev.minirun.overlay.idmap": "lower" }),
    },
    linux: {
      namespaces: namespacesOf(spec, ids).map((type) => ({ type })),
      ...(mappings && { uidMappings: mappings, gidMappings: mappings }),
      resources: {
        // Memory and swap together: a container gets no swap beside its memory.
        memory: { limit: spec.limits.memoryBytes, swap: spec.limits.memoryBytes },
        cpu: { quota: cpuQuota(spec.limits), period: cpuPeriod },
        pids: { limit: spec.limits.pids },
      },
      cgroupsPath: `/${cgroup}/${id}`,
      maskedPaths,
      readonlyPaths,
      seccomp,
    },
  };
}

function namespacesOf(spec: ContainerSpec, ids: IdRange | null): string[] {
  const always = ["pid", "mount", "uts", "ipc", "cgroup"];
  return [...always, ...(spec.network === "host" ? [] : ["network"]), ...(ids ? ["user"] : [])];
}

/** sysfs shows a network namespace, and belongs to its owner: beside the host's network it is the host's, bound. */
function mountsOf(spec: ContainerSpec, ids: IdRange | null): readonly Mount[] {
  if (!ids || spec.network !== "host") return defaultMounts;
  return defaultMounts.map((mount) => (mount.type === "sysfs" ? hostSysfs : mount));
}

/** Microseconds of CPU time that a container gets in each period. */
export function cpuQuota({ cpus }: Pick<Limits, "cpus">): number {
  return Math.round(cpus * cpuPeriod);
}

export function hostnameOf(spec: ContainerSpec): string {
  return spec.hostname ?? spec.name;
}

function environment(spec: ContainerSpec, user: User): string[] {
  const values: Record<string, string> = {
    PATH: defaultPath,
    HOSTNAME: hostnameOf(spec),
    HOME: user.home ?? (user.uid === 0 ? "/root" : "/"),
    LANG: "C.UTF-8",
    ...(spec.tty && { TERM: "xterm-256color" }),
    ...spec.env,
  };
  return Object.entries(values).map(([name, value]) => `${name}=${value}`);
}
