import { resolve } from "node:path";

/** The project's folder. */
export const root = resolve(import.meta.dirname, "../..");

/** Everything that the suite makes and keeps, ignored by Git. */
export const coverageFolder = resolve(root, "native/build/coverage");

/** The copy of the project that is built with counters and source maps, and in which the suites run. */
export const treeFolder = resolve(coverageFolder, "tree");

/** What counted processes of the native parts write: one file for each program, shared by all that run it. */
export const profileFolder = resolve(coverageFolder, "profiles");
