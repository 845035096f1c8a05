import type { Lab } from "../../lib/labs/lab.ts";
import { defaultMounts, type Mount } from "../engine/mounts.ts";

/** Ids of the host that root and users of every lab are: beyond those that systemd's UIDS-GIDS gives away. */
export const labIds = { start: 0x7ffe_0000, size: 65_536 } as const;

const MiB = 1024 * 1024;
const limits = { memoryBytes: 256 * MiB, cpus: 0.5, pids: 64 } as const;
const cpuPeriod = 100_000;

/** What labs do beyond what containers may; in a user namespace of their own the kernel keeps it from the host. */
const labCalls: readonly string[] = [
  ...["clone", "clone3", "unshare", "setns", "sethostname", "setdomainname", "chroot", "pivot_root"],
  ...["mount", "umount", "umount2", "mount_setattr", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount"],
  ...["fspick", "seccomp", "prctl", "capset", "ptrace", "process_vm_readv"],
];

/** Those that mean something in the lab's own namespaces, over which alone they hold. */
const capabilities: readonly string[] = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL"],
  ...["LEASE", "LINUX_IMMUTABLE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "SETFCAP"],
  ...["SETGID", "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_CHROOT", "SYS_NICE", "SYS_PTRACE", "SYS_RESOURCE"],
].map((name) => `CAP_${name}`);

interface SeccompProfile {
  syscalls: { names: string[] }[];
}

export interface LabBundleInput {
  id: string;
  lab: Lab;
  /** Lower layer of the root filesystem. */
  lower: string;
  /** In which upper and work lie; upper belongs to {@link labIds}. */
  folder: string;
  cgroup: string;
  /** linux.seccomp of the OCI specification, for containers. */
  seccomp: unknown;
  /** The lab's program and its source on the host. */
  program: string;
  source: string;
}

/**
 * The bundle of a lab: root of a user namespace, with all that root can do there. Nothing of the host's is mounted but
 * the program, and /proc is not masked: the kernel refuses a second /proc to who has not seen the whole of a first.
 */
export function makeLabBundle(input: LabBundleInput) {
  const { id, lab, lower, folder, cgroup, seccomp } = input;
  const mappings = [{ containerID: 0, hostID: labIds.start, size: labIds.size }];
  return {
    ociVersion: "1.2.0",
    hostname: "lab",
    root: { path: "rootfs", readonly: false },
    process: {
      terminal: true,
      consoleSize: { width: 80, height: 24 },
      user: { uid: 0, gid: 0 },
      args: ["/bin/bash", "-c", script(lab.name)],
      env: environment,
      cwd: "/lab",
      noNewPrivileges: true,
      capabilities: {
        bounding: capabilities,
        effective: capabilities,
        permitted: capabilities,
        inheritable: [],
        ambient: [],
      },
      rlimits: [{ type: "RLIMIT_NOFILE", soft: 1024, hard: 1024 }],
    },
    mounts: [...defaultMounts, ...programMounts(input)],
    annotations: {
      "dev.minirun.overlay.lower": lower,
      "dev.minirun.overlay.upper": `${folder}/upper`,
      "dev.minirun.overlay.work": `${folder}/work`,
      "dev.minirun.overlay.idmap": "lower",
    },
    linux: {
      namespaces: ["pid", "mount", "uts", "ipc", "cgroup", "network", "user"].map((type) => ({ type })),
      uidMappings: mappings,
      gidMappings: mappings,
      resources: {
        memory: { limit: limits.memoryBytes, swap: limits.memoryBytes },
        cpu: { quota: limits.cpus * cpuPeriod, period: cpuPeriod },
        pids: { limit: limits.pids },
      },
      cgroupsPath: `/${cgroup}/${id}`,
      seccomp: allowing(seccomp as SeccompProfile, labCalls),
    },
  };
}

/** Runs the program once, then a shell in which it can be run again. */
function script(name: string): string {
  const run = `printf '\\033[36m${name} #\\033[0m ./${name}\\n'; ./${name}; echo`;
  // A shell that is not interactive takes PS1 out of its environment.
  return `${run}; PS1='\\[\\e[36m\\]${name} #\\[\\e[0m\\] ' exec /bin/bash --norc --noprofile -i`;
}

const environment = [
  "PATH=/lab:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  ...["HOME=/root", "LANG=C.UTF-8", "TERM=xterm-256color", "HISTFILE="],
];

function programMounts({ lab, program, source }: LabBundleInput): Mount[] {
  const options = ["bind", "ro", "nosuid", "nodev"];
  return [
    { destination: `/lab/${lab.name}`, type: "bind", source: program, options },
    { destination: `/lab/${lab.name}.cc`, type: "bind", source, options },
  ];
}

/** A profile under which these calls are let through whatever they are given. */
function allowing(profile: SeccompProfile, names: readonly string[]) {
  const others = profile.syscalls
    .map((rule) => ({ ...rule, names: rule.names.filter((name) => !names.includes(name)) }))
    .filter((rule) => rule.names.length > 0);
  return { ...profile, syscalls: [...others, { names, action: "SCMP_ACT_ALLOW" }] };
}
