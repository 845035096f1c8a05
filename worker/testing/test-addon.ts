import { fileURLToPath } from "node:url";
import { loadAddon } from "../addon/addon.ts";
import { readInstallation } from "../installation.ts";

/** The real addon, as this checkout has built it. */
export const testAddon = loadAddon(readInstallation(fileURLToPath(new URL("../..", import.meta.url))).addon);
