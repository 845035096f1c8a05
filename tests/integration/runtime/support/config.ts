import { readFileSync } from "node:fs";

const seccomp = JSON.parse(
  readFileSync(new URL("../../../../native/oci/default-seccomp.json", import.meta.url), "utf8"),
);

const capabilities = [
  ..."CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(" "),
].map((name) => `CAP_${name}`);

/** What linux.resources may hold, as far as tests ask for it. */
export interface Resources {
  memory?: { limit?: number; swap?: number; reservation?: number; swappiness?: number; disableOOMKiller?: boolean };
  cpu?: {
    shares?: number;
    quota?: number;
    period?: number;
    burst?: number;
    idle?: number;
    cpus?: string;
    mems?: string;
    realtimeRuntime?: number;
  };
  pids?: { limit: number };
  blockIO?: Record<string, unknown>;
  hugepageLimits?: { pageSize: string; limit: number }[];
  network?: { classID?: number };
  unified?: Record<string, string>;
  devices?: { allow: boolean; type?: string; major?: number; minor?: number; access?: string }[];
}

const safe = ["nosuid", "noexec", "nodev"];

/** What most tests start from: the product's defaults, without limits. Tests change what they are about. */
export function defaultConfig(cgroupsPath: string, overlay: { lower: string; upper: string; work: string }) {
  return {
    ociVersion: "1.2.0",
    root: { path: "rootfs", readonly: false },
    hostname: "tested",
    process: {
      terminal: true,
      consoleSize: { width: 80, height: 24 },
      args: ["bash", "--norc", "--noprofile"],
      env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm", "PS1=$ "],
      cwd: "/",
      user: { uid: 0, gid: 0 } as { uid: number; gid: number; additionalGids?: number[]; umask?: number },
      noNewPrivileges: true,
      capabilities: {
        bounding: capabilities,
        effective: capabilities,
        permitted: capabilities,
        inheritable: [] as string[],
        ambient: [] as string[],
      },
      rlimits: [{ type: "RLIMIT_NOFILE", soft: 1024, hard: 4096 }],
    },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc", options: safe },
      {
        destination: "/dev",
        type: "tmpfs",
        source: "tmpfs",
        options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
      },
      {
        destination: "/dev/pts",
        type: "devpts",
        source: "devpts",
        options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
      },
      { destination: "/dev/shm", type: "tmpfs", source: "shm", options: [...safe, "mode=1777", "size=65536k"] },
      { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: safe },
      { destination: "/sys", type: "sysfs", source: "sysfs", options: [...safe, "ro"] },
      { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: [...safe, "relatime", "ro"] },
    ],
    annotations: {
      "dev.minirun.overlay.lower": overlay.lower,
      "dev.minirun.overlay.upper": overlay.upper,
      "dev.minirun.overlay.work": overlay.work,
    } as Record<string, string>,
    linux: {
      cgroupsPath,
      namespaces: ["pid", "mount", "uts", "ipc", "cgroup", "network"].map((type) => ({ type })),
      resources: {} as Resources,
      seccomp,
      maskedPaths: ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"],
      readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
    },
  };
}

export type Config = ReturnType<typeof defaultConfig>;
