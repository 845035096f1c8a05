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

/** The command that keeps root's rights but ends with the supervisor. */
export const asRoot: readonly string[] = ["setpriv", "--pdeathsig=TERM", "--"];
