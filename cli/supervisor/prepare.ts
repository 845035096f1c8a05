import type { Config } from "../../lib/config.ts";
import { CliError } from "../errors.ts";
import { programRoot } from "../installation.ts";
import { makeFolders } from "./folders.ts";
import { takeSupervisorLock } from "./lock.ts";
import { installRelease } from "./release.ts";
import { ensureSecrets } from "./secrets.ts";
import type { Installation } from "./supervise.ts";
import { ensureSystemUser } from "./system-users.ts";

/**
 * Makes what must be there before the first process starts: users, folders, secrets, the release folder.
 * Everything that is there already stays. Throws a CliError that says what is wrong and what to do.
 */
export function prepareInstallation(config: Config, options: { development: boolean }): Installation {
  requireRoot("up", "makes namespaces, cgroups, mounts and system users");
  const web = ensureSystemUser(config.webUser);
  const database = config.databaseUrl ? null : ensureSystemUser(config.dbUser);
  makeFolders(config, { web, database });
  const lock = takeSupervisorLock(config);
  if (!lock)
    throw new CliError("Another supervisor of this installation starts or runs.", { remedy: "See ./minirun status." });
  try {
    const release = installRelease(config, programRoot, web, options);
    return { config, release, secrets: ensureSecrets(config), users: { web, database } };
  } finally {
    lock.release();
  }
}

/** Throws a CliError unless this process is root's. */
export function requireRoot(verb: string, why: string): void {
  if (process.getuid?.() !== 0)
    throw new CliError(`'${verb}' needs root: it ${why}.`, { remedy: `sudo ./minirun ${verb}` });
}
