import { readdirSync } from "node:fs";
import { type Config, paths } from "../../lib/config.ts";

/** Folders of HOME with members of their own. */
export const heavyEntries = ["images", "layers"] as const;

/** Where restore builds what it then puts in place. */
export const stagingName = ".restore";

/**
 * Entries of HOME that no backup has: what the program makes anew at each start, what the database is, what is of this
 * machine (logs, certificates).
 */
const leftOut: ReadonlySet<string> = new Set([
  ...heavyEntries,
  ...["release", "postgres", "postgres.new", "postgres-conf", "logs", "cache", "labs", "certs", stagingName],
]);

/** What of a container's folder is large, or grows: it is read after the moment that the rest is of. */
const files = /^(?:upper|sessions|output\.log(?:\.\d)?)$/;

/** Entries of HOME that are the state, records before the outbox: what a record tells is in one or the other. */
export function stateEntries(config: Config): { entries: string[]; exclude: string[] } {
  const rest = readdirSync(config.home).filter((name) => isState(name) && name !== "containers" && name !== "outbox");
  const below = ["upper", "work", "sessions", "output.log", "output.log.*"];
  return {
    entries: ["containers", "outbox", ...rest.sort()],
    exclude: [...below.map((name) => `./containers/*/${name}`), "./*.tmp"],
  };
}

/** Whether an entry of HOME is state that a restore replaces. */
export function isState(name: string): boolean {
  return !leftOut.has(name) && !name.endsWith(".tmp");
}

/** Entries of a container's folder that are its own files: what it has written, its output, its sessions'. */
export function fileEntries(folder: string): string[] {
  return readdirSync(folder).filter((name) => files.test(name));
}

/** Whether there is something in an installation that a restore would take away. */
export function holdsContainers(config: Config): boolean {
  try {
    return readdirSync(paths(config).containers).length > 0;
  } catch {
    return false;
  }
}
