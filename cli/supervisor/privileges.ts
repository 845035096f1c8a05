import type { SystemUser } from "./system-users.ts";

/**
 * The command that becomes `user` for good and then executes what follows: setpriv(1) drops groups, every capability
 * of all five sets and the way back (no_new_privs). `endWithParent` asks for SIGTERM when the supervisor dies
 * (PR_SET_PDEATHSIG); setpriv sets it after the change of user, which would clear it.
 */
export function asUser({ uid, gid }: SystemUser, options: { endWithParent: boolean }): string[] {
  return [
    "setpriv",
    `--reuid=${uid}`,
    `--regid=${gid}`,
    "--clear-groups",
    "--no-new-privs",
    "--inh-caps=-all",
    "--ambient-caps=-all",
    "--bounding-set=-all",
    ...(options.endWithParent ? ["--pdeathsig=TERM"] : []),
    "--",
  ];
}

/**
 * What the worker and everything that it starts on the host may ever have; the unit of systemd has the same. A container
 * with a user namespace of its own has its capabilities in that, whatever stands here (user_namespaces(7)).
 */
export const workerCapabilities = [
  "chown", // files of images and volumes
  "dac_override", // folders of containers' users
  "dac_read_search", // their files, by handle and by path
  "fowner",
  "fsetid",
  "kill", // containers' processes
  "mknod", // devices of containers
  "net_admin", // their interfaces
  "net_bind_service", // by default theirs
  "setfcap", // id maps that have 0, and file capabilities of images
  "setgid",
  "setpcap",
  "setuid",
  "sys_admin", // namespaces, mounts, control groups
  "sys_chroot", // by default theirs
  "sys_ptrace", // /proc of containers
  "sys_resource", // limits above this process's own
] as const;

/** The command that keeps root and these capabilities, and ends with the supervisor. */
export const asWorker: readonly string[] = [
  "setpriv",
  `--bounding-set=-all,${workerCapabilities.map((name) => `+${name}`).join(",")}`,
  "--pdeathsig=TERM",
  "--",
];

/** The command that keeps root's rights but ends with the supervisor. */
export const asRoot: readonly string[] = ["setpriv", "--pdeathsig=TERM", "--"];
