import { type FileHandle, open, realpath } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { z } from "zod";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import { hasCode } from "../state/files.ts";

/** The part of root's configuration that is about images: host folders whose content may become one. */
const ImageSettings = z.object({ images: z.array(z.string().startsWith("/", "must be an absolute path")).default([]) });

/**
 * Checks that root's configuration allows a path, which must be real (no links), to become an image: that it is one of
 * the listed folders or lies below one. Throws image-not-allowed, also for a file that others than root can write.
 */
export async function requireAllowed(path: string, configFile: string): Promise<void> {
  for (const entry of await readAllowList(configFile)) {
    const folder = await realpath(entry).catch(() => null);
    if (folder !== null && isBelow(path, folder)) return;
  }
  throw notAllowed(
    "The image is not allowed",
    `${path} is not below a folder that ${configFile} lists.`,
    `Root can allow it: write {"images": [${JSON.stringify(dirname(path))}]} into ${configFile}.`,
  );
}

/** A problem about the field image of a request. */
export function notAllowed(title: string, detail: string, remedy: string): ProblemError {
  return fail("image-not-allowed", title, detail, { remedy, errors: [{ path: "image", message: "is not allowed" }] });
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function readAllowList(configFile: string): Promise<string[]> {
  const file = await open(configFile, "r").catch((error) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  });
  if (!file) return [];
  try {
    await requireRootAlone(file, configFile);
    return parse(await file.readFile("utf8"), configFile);
  } finally {
    await file.close();
  }
}

async function requireRootAlone(file: FileHandle, configFile: string): Promise<void> {
  const { uid, mode } = await file.stat();
  if (uid === 0 && (mode & 0o022) === 0) return;
  const octal = (mode & 0o7777).toString(8).padStart(4, "0");
  throw notAllowed(
    "The configuration can't be trusted",
    `${configFile} belongs to user ${uid} and has mode ${octal}: others than root can change which images are allowed.`,
    `Check what it holds, then: chown root:root ${configFile} && chmod 0644 ${configFile}`,
  );
}

function parse(text: string, configFile: string): string[] {
  try {
    return ImageSettings.parse(JSON.parse(text)).images;
  } catch (error) {
    throw notAllowed(
      "The configuration can't be read",
      `${configFile} is damaged: ${error instanceof z.ZodError ? z.prettifyError(error) : error}`,
      `Make it a JSON file such as {"images": ["/srv/rootfs"]}.`,
    );
  }
}
