import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Native from "../../../../native/addon/index.d.ts";

/** Where the native parts were built; MINIRUN_TEST_BUILD names another place. */
export const build =
  process.env.MINIRUN_TEST_BUILD ?? fileURLToPath(new URL("../../../../native/build/Release/", import.meta.url));

/** The addon as it was built; the tests know it by its declared face alone. */
export const native: typeof Native = createRequire(import.meta.url)(join(build, "minirun.node"));

export const shimBinary = join(build, "minirun-shim");
