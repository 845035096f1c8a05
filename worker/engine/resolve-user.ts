import { fail } from "../../lib/contract/problem.ts";
import type { Addon } from "../addon/addon.ts";
import { openFile } from "../files/read-file.ts";
import { hasCode } from "../state/files.ts";

/** Who a process is, in numbers. */
export interface User {
  uid: number;
  gid: number;
  additionalGids: number[];
  /** Home directory, where the container's passwd names one. */
  home: string | null;
}

/** A file of the container as text; null when there is none. */
export type ReadText = (path: string) => Promise<string | null>;

/** The container's files are hostile: more than this is not read, in bytes, and not taken, in groups. */
const mostBytes = 1024 * 1024;
const mostGroups = 256;
/** The highest id means "unchanged" to the kernel. */
const highestId = 2 ** 32 - 2;

/** Reads files beneath a root: links lead to nowhere outside, and only regular files are opened. */
export function textReader(addon: Addon, root: number): ReadText {
  return async (path) => {
    try {
      const { file } = await openFile(addon, root, path);
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
        return buffer.toString("utf8", 0, bytesRead);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
      throw error;
    }
  };
}

/**
 * Resolves `USER` or `USER:GROUP`, each a name or a number, by the container's own passwd(5) and group(5). Without a
 * group it is the user's, with those that list the user besides. Throws user-not-found.
 */
export async function resolveUser(read: ReadText, text: string): Promise<User> {
  const [who = "", group] = text.split(":");
  const entry = await findUser(read, who);
  const gid = group === undefined ? entry.gid : await findGroup(read, group);
  const additionalGids = group === undefined && entry.name !== null ? await groupsOf(read, entry.name) : [];
  return { uid: entry.uid, gid, additionalGids: additionalGids.filter((one) => one !== gid), home: entry.home };
}

async function findUser(read: ReadText, who: string) {
  const uid = toId(who);
  const lines = fieldsOf(await read("/etc/passwd"));
  const found = lines.find(([name, , number]) => (uid === null ? name === who : toId(number) === uid));
  const [name = "", , number, gid, , home = ""] = found ?? [];
  const [foundUid, foundGid] = [toId(number), toId(gid)];
  if (found && foundUid !== null && foundGid !== null) {
    return { name, uid: foundUid, gid: foundGid, home: home.startsWith("/") ? home : null };
  }
  if (uid !== null) return { name: null, uid, gid: 0, home: null };
  if (who === "root") return { name: who, uid: 0, gid: 0, home: "/root" };
  throw notFound("user", who, "/etc/passwd");
}

async function findGroup(read: ReadText, group: string): Promise<number> {
  const number = toId(group);
  if (number !== null) return number;
  const found = fieldsOf(await read("/etc/group")).find(([name]) => name === group);
  const gid = toId(found?.[2]);
  if (gid !== null) return gid;
  throw notFound("group", group, "/etc/group");
}

async function groupsOf(read: ReadText, user: string): Promise<number[]> {
  const gids = fieldsOf(await read("/etc/group"))
    .filter(([, , , members = ""]) => members.split(",").includes(user))
    .map(([, , gid]) => toId(gid));
  return [...new Set(gids.filter((gid) => gid !== null))].slice(0, mostGroups);
}

function fieldsOf(text: string | null): string[][] {
  return (text ?? "").split("\n").map((line) => line.split(":"));
}

function toId(text: string | undefined): number | null {
  if (!/^\d{1,10}$/.test(text ?? "")) return null;
  const id = Number(text);
  return id <= highestId ? id : null;
}

function notFound(kind: "user" | "group", name: string, file: string) {
  return fail("user-not-found", `No such ${kind}`, `The container's ${file} has no ${kind} ${JSON.stringify(name)}.`, {
    remedy: `Use one that it has, or a number: ids need no entry in ${file}.`,
    errors: [{ path: "user", message: "is not found" }],
  });
}
