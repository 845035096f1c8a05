import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Config, paths } from "../../lib/config.ts";
import type { SystemUser } from "./system-users.ts";

/** Where the logs of supervisor, worker, web and database lie. */
export const logFolder = (config: Pick<Config, "home">) => join(config.home, "logs");

/**
 * Makes the folders of an installation with the modes that keep its parts apart. HOME and RUN can be walked through
 * but not listed; what lies below is root's alone, except what a part without privileges needs.
 */
export function makeFolders(config: Config, users: { web: SystemUser; database: SystemUser | null }): void {
  const at = paths(config);
  folder(config.home, 0o711);
  for (const path of [at.containers, at.outbox, at.cache, at.images, at.layers, logFolder(config)]) folder(path, 0o700);
  folder(at.release, 0o755);
  folder(config.run, 0o711);
  folder(at.runContainers, 0o700);
  if (users.database) {
    folder(at.postgresSocket, 0o750);
    chownSync(at.postgresSocket, users.database.uid, users.web.gid);
  }
}

/** A folder of root's with exactly that mode, whatever the umask says. */
export function folder(path: string, mode: number): void {
  mkdirSync(path, { recursive: true, mode });
  chownSync(path, 0, 0);
  chmodSync(path, mode);
}
