import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as Native from "../../../../native/addon/index.d.ts";

const build = fileURLToPath(new URL("../../../../native/build/Release/", import.meta.url));

/** The addon as it was built; the tests know it by its declared face alone. */
export const native: typeof Native = createRequire(import.meta.url)(`${build}minirun.node`);

export const shimBinary = `${build}minirun-shim`;
