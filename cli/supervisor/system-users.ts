import { execFileSync } from "node:child_process";
import { CliError } from "../errors.ts";

/** A user of /etc/passwd (or another source of nsswitch). */
export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/** Looks a user up with getent(1), so that every source of nsswitch counts; null when there is none. */
export function findUser(name: string): SystemUser | null {
  try {
    const line = execFileSync("getent", ["passwd", name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const [, , uid, gid] = line.trim().split(":");
    return { name, uid: Number(uid), gid: Number(gid) };
  } catch {
    return null;
  }
}

/**
 * The system user of that name, made when it is missing: no password, no shell, no home, a group of its own.
 * Throws a CliError when it cannot be made, or when the name belongs to root.
 */
export function ensureSystemUser(name: string): SystemUser {
  const user = findUser(name) ?? addUser(name);
  if (user.uid === 0) {
    throw new CliError(`${name} is root, and this part must run without privileges.`, {
      remedy: "Name another user in MINIRUN_WEB_USER or MINIRUN_DB_USER.",
    });
  }
  return user;
}

function addUser(name: string): SystemUser {
  const options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"];
  try {
    execFileSync("useradd", [...options, "--shell", "/usr/sbin/nologin", name], {
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    const why = error instanceof Error ? error.message.trim().split("\n").pop() : String(error);
    throw new CliError(`The system user ${name} could not be made: ${why}`, {
      remedy: `Make it by hand (useradd ${options.join(" ")} ${name}), or name an existing one in MINIRUN_WEB_USER and MINIRUN_DB_USER.`,
      cause: error,
    });
  }
  const user = findUser(name);
  if (!user) throw new CliError(`useradd made ${name}, but getent does not find it.`);
  return user;
}
