import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ImageInfo, ImageList } from "../../lib/contract/image.ts";
import type { Context } from "../context.ts";
import { isArchive } from "./archive.ts";
import { notAllowed } from "./image-problems.ts";
import { readSettings } from "./settings.ts";

/** Entries that are looked at below an allowed folder. */
const mostEntries = 500;

const host: ImageInfo = { name: "host", kind: "host", sizeBytes: null, modifiedAt: null };

/** What containers can be made from: `host`, and what lies at or directly below the folders that root allows. */
export async function listImages({ config }: Pick<Context, "config">): Promise<ImageList> {
  const settings = await readSettings(config.configFile, notAllowed);
  const found = await Promise.all(settings.images.map(imagesAt));
  const items = new Map([host, ...found.flat()].map((image) => [image.name, image]));
  return { items: [...items.values()], binds: settings.binds };
}

async function imagesAt(path: string): Promise<ImageInfo[]> {
  const self = await describe(path);
  if (self) return [self];
  const names = await readdir(path).catch(() => []);
  const below = await Promise.all(
    names
      .sort()
      .slice(0, mostEntries)
      .map((name) => describe(join(path, name))),
  );
  return below.filter((image) => image !== null);
}

/** A path as an image; null when it is neither an archive nor looks like a root filesystem. */
async function describe(path: string): Promise<ImageInfo | null> {
  const found = await stat(path).catch(() => null);
  if (!found) return null;
  const modifiedAt = found.mtime.toISOString();
  if (found.isFile() && isArchive(path)) return { name: path, kind: "archive", sizeBytes: found.size, modifiedAt };
  if (!found.isDirectory() || !(await looksLikeRoot(path))) return null;
  return { name: path, kind: "directory", sizeBytes: null, modifiedAt };
}

async function looksLikeRoot(path: string): Promise<boolean> {
  const parts = await Promise.all(["bin", "usr", "etc"].map((name) => lstat(join(path, name)).catch(() => null)));
  return parts.filter((part) => part !== null).length >= 2;
}
