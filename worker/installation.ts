import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** The files of the release that the worker runs from. */
export interface Installation {
  version: string;
  addon: string;
  shim: string;
  /** Makes one system call, for containers to try their filters with. */
  trySystemCall: string;
  /** minirun-oci, which tries what this host offers. */
  runtime: string;
  /** Folders of the labs' programs and of their sources. */
  labs: { programs: string; sources: string };
  migrations: string;
  /** linux.seccomp of the OCI specification, for every container. */
  seccomp: unknown;
}

/** Reads the release folder, which is the working directory of every process of ours. */
export function readInstallation(folder = process.cwd()): Installation {
  const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), "utf8"));
  return {
    version: z.object({ version: z.string() }).parse(json("package.json")).version,
    addon: join(folder, "native/build/Release/minirun.node"),
    shim: join(folder, "native/build/Release/minirun-shim"),
    trySystemCall: join(folder, "native/build/Release/minirun-try-system-call"),
    runtime: join(folder, "native/build/Release/minirun-oci"),
    labs: { programs: join(folder, "native/build/Release"), sources: join(folder, "native/labs") },
    migrations: join(folder, "prisma/migrations"),
    seccomp: json("native/oci/default-seccomp.json"),
  };
}
