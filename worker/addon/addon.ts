import { createRequire } from "node:module";
import type * as native from "../../native/addon/index.d.ts";

/** The native addon: spawn, probe, statistics, kernel state. native/addon/index.d.ts describes it. */
export type Addon = typeof native;

/** Loads the addon from its path; throws an Error that says how to build it. */
export function loadAddon(path: string): Addon {
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    throw new Error(`The native addon ${path} can't be loaded. Build it with: npm run build:native`, { cause: error });
  }
}
