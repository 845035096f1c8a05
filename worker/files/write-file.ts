import { randomUUID } from "node:crypto";
import { close } from "node:fs";
import { rm } from "node:fs/promises";
import type { FileEntry } from "../../lib/contract/file.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Entry } from "../../native/addon/index.d.ts";
import type { Context } from "../context.ts";
import { type ContainerFiles, containerRoot, makeFile, type Owner } from "./container-files.ts";
import { withRoot } from "./container-root.ts";
import { guardDisk } from "./disk-reserve.ts";
import { onPath, wrongType } from "./file-problem.ts";
import { lookUp, lookUpToChange, openTarget, type Place, pathOf, toFileEntry } from "./places.ts";
import { whileAllowed } from "./writers.ts";

/** What must hold of what is there: its etag (If-Match), or that nothing is (If-None-Match: *). */
export interface WriteCondition {
  ifMatch: string | null;
  ifNoneMatch: string | null;
}

export interface WriteRequest extends WriteCondition {
  path: string;
  /** Permission bits of a file that is new. */
  mode: number;
}

/**
 * Writes a file whole: readers see the old content or the new, never a part. A new one is root's; one that is replaced
 * keeps its owner and permissions. Throws changed-meanwhile when a condition does not hold.
 */
export function writeFile(
  context: Context,
  id: string,
  request: WriteRequest,
  content: AsyncIterable<Uint8Array>,
): Promise<FileEntry> {
  const write = withRoot(context, id, "write", async (root, files, signal) => {
    const place = await openTarget(files, root, request.path);
    try {
      const existing = await checkTarget(files, place, request);
      const { uid, gid, mode } = existing ?? { ...containerRoot, mode: request.mode };
      await replaceFile(files, place, { uid, gid, mode: mode & 0o777 }, whileAllowed(content, signal), {
        beforeRename: () => checkTarget(files, place, request),
        exclusive: request.ifNoneMatch === "*",
      });
      const written = await lookUp(files, place);
      if (written) return toFileEntry(written, request.path);
      throw changedMeanwhile(request.path, "was removed by someone else as soon as it was written");
    } finally {
      close(place.directory.fd);
    }
  });
  return onPath(request.path, write);
}

/** What stands at a place that may be written to; null when nothing does. */
async function checkTarget(files: ContainerFiles, place: Place, request: WriteRequest): Promise<Entry | null> {
  const { path, ifMatch, ifNoneMatch } = request;
  const existing = await lookUpToChange(files, place);
  if (existing && existing.type !== "file") throw wrongType(path, `a ${existing.type}`);
  if (ifNoneMatch === "*" && existing) throw changedMeanwhile(path, "is there already");
  if (ifMatch !== null && !existing) throw changedMeanwhile(path, "is not there any more");
  if (ifMatch !== null && ifMatch !== "*" && unquoted(ifMatch) !== existing?.etag) {
    throw changedMeanwhile(path, "is not the version that you have read");
  }
  return existing;
}

function unquoted(etag: string): string {
  return etag.replace(/^"(.*)"$/, "$1");
}

function changedMeanwhile(path: string, how: string) {
  return fail("changed-meanwhile", "It was changed meanwhile", `${JSON.stringify(path)} ${how}.`, {
    remedy: "Read it again, then decide; without If-Match or If-None-Match it is overwritten.",
  });
}

interface ReplaceOptions {
  beforeRename?: () => Promise<unknown>;
  /** Fails with EEXIST when something has the name by then. */
  exclusive?: boolean;
  modifiedAt?: Date;
}

/** Makes a file beside its place and puts it there once it is complete; nothing stays when that fails. */
export async function replaceFile(
  files: ContainerFiles,
  place: Place,
  made: Owner & { mode: number },
  content: AsyncIterable<Uint8Array>,
  { beforeRename, exclusive = false, modifiedAt }: ReplaceOptions = {},
): Promise<number> {
  const beside = { ...place, name: `.minirun-${randomUUID()}` };
  const file = await makeFile(files, beside, { uid: made.uid, gid: made.gid, mode: 0o600 });
  try {
    const admit = guardDisk(file.fd);
    let bytes = 0;
    for await (const piece of content) {
      await admit(piece.length);
      await file.writeFile(piece);
      bytes += piece.length;
    }
    await file.chmod(made.mode);
    if (modifiedAt) await file.utimes(modifiedAt, modifiedAt);
    await beforeRename?.();
    if (exclusive) await files.linkEntry(beside, place);
    else await files.moveEntry(beside, place, "replace");
    return bytes;
  } finally {
    await file.close();
    await rm(pathOf(beside), { force: true });
  }
}
