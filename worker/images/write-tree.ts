import { constants } from "node:fs";
import { chmod, copyFile, mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { HostPlan, PlannedEntry } from "./host-plan.ts";
import { runTool } from "./tools.ts";

/** Writes a planned image into an empty folder. Throws when a source is not any more what was planned. */
export async function writeTree(root: string, { entries }: HostPlan): Promise<void> {
  const folders = new Map<string, number>();
  for (const [path, entry] of entries) {
    for (let parent = dirname(path); !folders.has(parent); parent = dirname(parent)) folders.set(parent, 0o755);
    if (entry.kind === "folder") folders.set(path, entry.mode);
  }
  // Modes are set apart from making: the process's umask would take bits away.
  for (const [path, mode] of [...folders].sort()) {
    await mkdir(join(root, path), { recursive: true });
    await chmod(join(root, path), mode);
  }
  for (const [path, entry] of entries) await writeEntry(join(root, path), entry);
  await writeLinkerCache(root, entries);
}

async function writeEntry(path: string, entry: PlannedEntry): Promise<void> {
  switch (entry.kind) {
    case "folder":
      return;
    case "link":
      return symlink(entry.target, path);
    case "text":
      await writeFile(path, entry.content, { flag: "wx" });
      return chmod(path, entry.mode);
    case "file":
      await copyFile(entry.source, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      return finishFile(path, entry);
  }
}

async function finishFile(path: string, { source, mode, size, modified }: PlannedEntry & { kind: "file" }) {
  const now = await stat(source);
  if (now.size !== size || now.mtimeMs !== modified) throw new Error(`${source} changed while it was copied`);
  await chmod(path, mode);
}

/** Tells the dynamic linker of folders that are none of its own; where the C library has no ldconfig it needs none. */
async function writeLinkerCache(root: string, entries: HostPlan["entries"]): Promise<void> {
  const libraries = [...entries.keys()].filter((path) => /\.so(\.|$)/.test(path));
  const folders = [...new Set(libraries.map((path) => dirname(path)))].sort();
  await writeFile(join(root, "etc/ld.so.conf"), folders.map((folder) => `${folder}\n`).join(""), { flag: "wx" });
  await chmod(join(root, "etc/ld.so.conf"), 0o644);
  await runTool("ldconfig", ["-X", "-r", root]).catch(() => null);
}
