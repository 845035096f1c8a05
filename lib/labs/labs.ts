import { capabilities } from "./capabilities.ts";
import { cgroupLimits } from "./cgroup-limits.ts";
import { chroot } from "./chroot.ts";
import { fork } from "./fork.ts";
import type { Lab } from "./lab.ts";
import { overlayfs } from "./overlayfs.ts";
import { pidNamespaces } from "./pid-namespaces.ts";
import { seccomp } from "./seccomp.ts";
import { userNamespaces } from "./user-namespaces.ts";

/** Every lab, in the order in which they build on each other. */
export const labs: readonly Lab[] = [
  ...[fork, pidNamespaces, chroot, cgroupLimits],
  ...[userNamespaces, capabilities, seccomp, overlayfs],
];

export function findLab(name: string): Lab | undefined {
  return labs.find((lab) => lab.name === name);
}
