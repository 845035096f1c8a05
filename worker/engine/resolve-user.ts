import { fail, ProblemError } from "../../lib/contract/problem.ts";
import type { Addon } from "../addon/addon.ts";
import { fileProblem } from "../files/file-problem.ts";
import { openFile, readBytes } from "../files/read-file.ts";

/** Who a process is, in the numbers that the kernel knows. */
export interface User {
  uid: number;
  gid: number;
  additionalGids: number[];
  /** Home directory, where the container's passwd names one. */
  home: string | null;
}

/** Reads a text beneath a container's root; null when there is none, or none that is fit to be read. */
export type ReadText = (path: string) => Promise<string | null>;

/** A configuration file that is longer is read to here, in bytes. */
const mostBytes = 1024 * 1024;
/** The highest id means "unchanged" to the kernel (setresuid(2)). */
const highestId = 4_294_967_294;
/** The kernel takes 65,536 (NGROUPS_MAX); nobody needs more than these. */
const mostGroups = 1024;

/** Reads texts beneath a root: links lead to nowhere outside, and only regular files are opened. */
export function textReader(addon: Addon, root: number): ReadText {
  return async (path) => {
    const opened = await openFile(addon, root, path).catch((error) => {
      // Whatever a container may have made of its file: there is then nothing to read.
      if (fileProblem(error, path) instanceof ProblemError) return null;
      throw error;
    });
    if (!opened) return null;
    try {
      const pieces: Buffer[] = [];
      for await (const piece of readBytes(opened.file, mostBytes)) pieces.push(piece);
      return Buffer.concat(pieces).toString("utf8");
    } finally {
      await opened.file.close();
    }
  };
}

/**
 * Who "USER[:GROUP]" is in a container: names by its own /etc/passwd and /etc/group (passwd(5), group(5)), numbers as they
 * stand, as Docker has it. Without GROUP it is the user's own, with all others that list the user; a number that passwd
 * doesn't know is in group 0, and root is root also where no file says so. The files are the container's: lines that don't fit are passed over.
 * Throws user-not-found.
 */
export async function resolveUser(read: ReadText, text: string): Promise<User> {
  const colon = text.indexOf(":");
  const [user, group] = colon === -1 ? [text, null] : [text.slice(0, colon), text.slice(colon + 1)];
  if (user === "" || group === "") throw notFound(text, "must be USER or USER:GROUP");
  const account = findAccount(await read("/etc/passwd"), user);
  const uid = account?.uid ?? (user === "root" ? 0 : idOf(user));
  if (uid === null) throw notFound(text, `/etc/passwd of the container has no user ${JSON.stringify(user)}`);
  const home = account ? account.home : user === "root" ? "/root" : null;
  const groups = groupsIn(await read("/etc/group"));
  if (group !== null) {
    const gid = groups.find(({ name }) => name === group)?.gid ?? idOf(group);
    if (gid === null) throw notFound(text, `/etc/group of the container has no group ${JSON.stringify(group)}`);
    return { uid, gid, additionalGids: [], home };
  }
  const name = account?.name;
  const listed = name === undefined ? [] : groups.filter(({ members }) => members.includes(name)).map(({ gid }) => gid);
  return { uid, gid: account?.gid ?? 0, additionalGids: [...new Set(listed)].slice(0, mostGroups), home };
}

function findAccount(passwd: string | null, user: string) {
  const id = idOf(user);
  let byId = null;
  for (const [name = "", , uidText = "", gidText = "", , home = ""] of fieldsOf(passwd)) {
    const [uid, gid] = [idOf(uidText), idOf(gidText)];
    if (uid === null || gid === null) continue;
    const account = { name, uid, gid, home: home.startsWith("/") ? home : null };
    if (name === user) return account;
    if (uid === id) byId ??= account;
  }
  return byId;
}

function groupsIn(group: string | null) {
  return fieldsOf(group).flatMap(([name = "", , gidText = "", members = ""]) => {
    const gid = idOf(gidText);
    return gid === null ? [] : [{ name, gid, members: members.split(",") }];
  });
}

function fieldsOf(text: string | null): string[][] {
  return (text ?? "").split("\n").map((line) => line.split(":"));
}

function idOf(text: string): number | null {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : null;
  return id !== null && id <= highestId ? id : null;
}

function notFound(text: string, words: string): ProblemError {
  return fail("user-not-found", "No such user", `${JSON.stringify(text)}: ${words}.`, {
    remedy: "Name a user that the container has, or numbers: UID or UID:GID.",
    errors: [{ path: "user", message: "is not known in the container" }],
  });
}
