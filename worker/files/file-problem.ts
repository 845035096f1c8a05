import { fail, type ProblemCode, ProblemError } from "../../lib/contract/problem.ts";

interface Words {
  code: ProblemCode;
  title: string;
  detail: string;
  remedy?: string;
}

/** What the errno of a call on a file means to people; `detail` goes behind the path. */
const words: Record<string, Words> = {
  ENOENT: { code: "file-not-found", title: "No such file", detail: "is not there" },
  ENOTDIR: { code: "file-type", title: "That is no directory", detail: "leads through something that is no directory" },
  EISDIR: { code: "file-type", title: "That is a directory", detail: "is a directory" },
  ELOOP: {
    code: "file-type",
    title: "The links lead nowhere",
    detail: "leads through links in a circle, or through one of the kernel's own, such as /proc/self/root",
    remedy: "Name the file by a path without these links.",
  },
  EEXIST: {
    code: "file-exists",
    title: "The name is taken",
    detail: "is there already",
    remedy: "Choose another name, or delete what is there first.",
  },
  ENOTEMPTY: {
    code: "directory-not-empty",
    title: "The directory is not empty",
    detail: "has something in it",
    remedy: "Delete it with recursive=true.",
  },
  EROFS: {
    code: "read-only",
    title: "Nothing can be written there",
    detail: "is on a read-only file system or mount",
    remedy: "A container made with readOnly can write to /dev/shm and to binds that are not read-only.",
  },
  EPERM: { code: "read-only", title: "That can't be changed", detail: "is immutable or append-only" },
  EACCES: { code: "read-only", title: "That can't be changed", detail: "may not be changed" },
  EBUSY: { code: "file-type", title: "That is a mount point", detail: "is a mount point, or has one in it" },
  EXDEV: {
    code: "file-type",
    title: "It can't be moved there in one step",
    detail: "lies on another file system, or is a directory of the image",
    remedy: "Copy it, and delete the first one.",
  },
  EINVAL: { code: "file-type", title: "It can't be moved there", detail: "can't be moved into itself" },
  ENAMETOOLONG: { code: "validation-failed", title: "The name is too long", detail: "has a name that is too long" },
  ENOSPC: { code: "disk-full", title: "The disk is full", detail: "does not fit on its file system" },
  EDQUOT: { code: "disk-full", title: "The disk is full", detail: "does not fit into the quota" },
};

/** Turns a system error about a path in a container into its problem; any other error stays as it is. */
export function fileProblem(error: unknown, path: string): unknown {
  if (error instanceof ProblemError || !(error instanceof Error) || !("code" in error)) return error;
  const known = words[String(error.code)];
  if (!known) return error;
  const { code, title, detail, remedy } = known;
  return fail(code, title, `${JSON.stringify(path)} ${detail}.`, remedy ? { remedy } : {});
}

/** Awaits work on a path in a container; system errors of it become problems. */
export async function onPath<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fileProblem(error, path);
  }
}

/** The problem of something that is neither file nor directory, or a view of the kernel. */
export function wrongType(path: string, what: string, remedy?: string): ProblemError {
  return fail("file-type", "That is no file to work with", `${JSON.stringify(path)} is ${what}.`, {
    ...(remedy && { remedy }),
  });
}
