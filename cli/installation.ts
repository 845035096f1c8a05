import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that this program belongs to: a clone or a release. Right both for cli/ and for the bundle in dist/. */
export const programRoot = fileURLToPath(new URL("..", import.meta.url));

/** The version that package.json names. */
export const version: string = JSON.parse(readFileSync(join(programRoot, "package.json"), "utf8")).version;
