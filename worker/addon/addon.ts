import { createRequire } from "node:module";

/** What this kernel offers. */
export interface Probe {
  kernel: string;
  arch: string;
  cgroup: { version: 0 | 1 | 2; controllers: Record<string, boolean> };
}

/** The native addon's face, as native/addon/index.d.ts describes it. */
export interface Addon {
  probe(): Probe;
  spawnShim(options: { binary: string; args: string[] }): Promise<{ pid: number; startTime: string; report: string }>;
  watchProcess(pid: number, startTime: string): Promise<void>;
  processStartTime(pid: number): string | null;
  peerCredentials(fd: number): { pid: number; uid: number; gid: number };
  cgroupKill(path: string): Promise<void>;
  cgroupList(root: string): string[];
  cgroupRemoveRoot(root: string): void;
  removeTree(path: string): Promise<void>;
}

/** Loads the addon from its path; throws an Error that says how to build it. */
export function loadAddon(path: string): Addon {
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    throw new Error(`The native addon ${path} can't be loaded. Build it with: npm run build:native`, { cause: error });
  }
}
