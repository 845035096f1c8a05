import * as z from "zod";

/** A path in a container, from its root; resolved beneath that root, whatever links it leads through. */
export const FilePath = z
  .string()
  .regex(/^\/[^\0]*$/, "must be an absolute path")
  .max(4095);

export const FileType = z.enum(["file", "directory", "symlink", "device", "fifo", "socket"]);

/** `mode` has the permission bits alone; `target` is a link's text as it stands. */
export const FileEntry = z
  .object({
    name: z.string(),
    path: z.string(),
    type: FileType,
    sizeBytes: z.number(),
    mode: z.int(),
    uid: z.int(),
    gid: z.int(),
    modifiedAt: z.iso.datetime(),
    target: z.string().nullable(),
    etag: z.string().describe("changes with the content; for If-Match"),
  })
  .meta({ id: "FileEntry" });
export type FileEntry = z.infer<typeof FileEntry>;

/** A file, or a directory with its entries (directories first, then by name; at most 10,000, `truncated` says if cut). */
export const FileListing = z
  .object({
    entry: FileEntry,
    entries: z.array(FileEntry),
    truncated: z.boolean(),
    writable: z.boolean().describe("false where the root filesystem or the mount is read-only"),
  })
  .meta({ id: "FileListing" });
export type FileListing = z.infer<typeof FileListing>;

export const FileQuery = z.object({ path: FilePath });
export const DownloadQuery = FileQuery.extend({
  download: z.stringbool().default(false).describe("answer with Content-Disposition: attachment"),
});
/** A new file gets `mode` (octal), one that exists keeps its own. If-Match and If-None-Match: * guard the write. */
export const UploadQuery = FileQuery.extend({
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/)
    .default("644"),
});
export const DeleteFileQuery = FileQuery.extend({ recursive: z.stringbool().default(false) });

/** Makes a directory, or moves what is there. */
export const FileChange = z
  .discriminatedUnion("action", [
    z.strictObject({ action: z.literal("make-directory"), path: FilePath }),
    z.strictObject({ action: z.literal("move"), path: FilePath, to: FilePath }),
  ])
  .meta({ id: "FileChange" });
export type FileChange = z.infer<typeof FileChange>;

export const ArchiveResult = z.object({ entries: z.int(), bytes: z.number() }).meta({ id: "ArchiveResult" });
export type ArchiveResult = z.infer<typeof ArchiveResult>;
