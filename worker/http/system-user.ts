import { readFileSync } from "node:fs";

/** A system user's ids from /etc/passwd (passwd(5)), or null when there is none of this name. */
export function findSystemUser(name: string, path = "/etc/passwd"): { uid: number; gid: number } | null {
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const [user, , uid, gid] = line.split(":");
    if (user === name) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
}
