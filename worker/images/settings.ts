import { type FileHandle, open } from "node:fs/promises";
import * as z from "zod";
import type { ProblemError } from "../../lib/contract/problem.ts";
import { hasCode } from "../state/files.ts";

const HostPath = z.string().startsWith("/", "must be an absolute path");

/**
 * Root's configuration, /etc/minirun/config.json: the host folders whose content may become images, and those that
 * containers may be given as binds; a bind is for reading alone unless `readOnly` is false.
 */
const Settings = z.object({
  images: z.array(HostPath).default([]),
  binds: z
    .array(
      z.union([
        HostPath.transform((path) => ({ path, readOnly: true })),
        z.strictObject({ path: HostPath, readOnly: z.boolean().default(true) }),
      ]),
    )
    .default([]),
});
export type Settings = z.infer<typeof Settings>;

/** Makes the problem of whoever asks: title, detail, remedy. */
export type Refuse = (title: string, detail: string, remedy: string) => ProblemError;

/** Reads root's configuration; without one nothing is allowed. Throws what `refuse` makes when it can't be trusted. */
export async function readSettings(configFile: string, refuse: Refuse): Promise<Settings> {
  const file = await open(configFile, "r").catch((error) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  });
  if (!file) return Settings.parse({});
  try {
    await requireRootAlone(file, configFile, refuse);
    return parse(await file.readFile("utf8"), configFile, refuse);
  } finally {
    await file.close();
  }
}

async function requireRootAlone(file: FileHandle, configFile: string, refuse: Refuse): Promise<void> {
  const { uid, mode } = await file.stat();
  if (uid === 0 && (mode & 0o022) === 0) return;
  const octal = (mode & 0o7777).toString(8).padStart(4, "0");
  throw refuse(
    "The configuration can't be trusted",
    `${configFile} belongs to user ${uid} and has mode ${octal}: others than root can change what is allowed.`,
    `Check what it holds, then: chown root:root ${configFile} && chmod 0644 ${configFile}`,
  );
}

function parse(text: string, configFile: string, refuse: Refuse): Settings {
  try {
    return Settings.parse(JSON.parse(text));
  } catch (error) {
    throw refuse(
      "The configuration can't be read",
      `${configFile} is damaged: ${error instanceof z.ZodError ? z.prettifyError(error) : error}`,
      `Make it a JSON file such as {"images": ["/srv/rootfs"], "binds": [{"path": "/srv/data", "readOnly": false}]}.`,
    );
  }
}
