import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { chmod, type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import { toolEnvironment } from "../../lib/tool-environment.ts";
import type { Report } from "../state/activity.ts";
import { notAllowed } from "./image-problems.ts";
import type { LayerStore } from "./layer-store.ts";

const suffixes = [".tar", ".tar.gz", ".tgz", ".tar.xz"];

/** Whether a path is named as an archive that can be unpacked. */
export function isArchive(path: string): boolean {
  return suffixes.some((suffix) => path.endsWith(suffix));
}

/**
 * Unpacks a tar archive, once, into the folder that is named by its SHA-256. Owners are kept as numbers.
 * Throws image-not-allowed for an archive with device nodes or with names that lead out of it, and image-not-found
 * for one that can't be unpacked.
 */
export async function unpackArchive(path: string, layers: LayerStore, report: Report = () => {}): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const before = await versionOf(file);
    const name = await hashOf(file, report);
    return await layers.get(name, async (folder) => {
      await chmod(folder, 0o755);
      await extract(file, path, folder, report);
      if ((await versionOf(file)) !== before) throw notUsable(path, "it changed while it was read");
    });
  } finally {
    await file.close();
  }
}

async function versionOf(file: FileHandle): Promise<string> {
  const { size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return [size, mtimeNs, ctimeNs].join();
}

async function hashOf(file: FileHandle, report: Report): Promise<string> {
  const hash = createHash("sha256");
  const { size: total } = await file.stat();
  let done = 0;
  for await (const piece of file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 })) {
    hash.update(piece);
    done += piece.length;
    report({ step: "reading the image", done, total, unit: "bytes" });
  }
  return hash.digest("hex");
}

async function extract(file: FileHandle, path: string, folder: string, report: Report): Promise<void> {
  // The open file, whatever the path means by now; tar sees by its first bytes how it is compressed.
  const options = ["--extract", `--file=/proc/${process.pid}/fd/${file.fd}`, `--directory=${folder}`];
  const owners = ["--numeric-owner", "--same-owner", "--same-permissions"];
  // Twice verbose: a line with type and quoted name for each entry.
  const tar = spawn("tar", [...options, ...owners, "-vv", "--quoting-style=c"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: toolEnvironment,
  });
  const ended = new Promise<number | null>((resolve, reject) => tar.on("error", reject).on("close", resolve));
  let complaint = "";
  tar.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(0, 1000);
  });
  let refused: string | null = null;
  let done = 0;
  createInterface({ input: tar.stdout }).on("line", (line) => {
    done += sizeIn(line);
    report({ step: "unpacking the image", done, total: null, unit: "bytes" });
    const reason = refused === null ? reasonToRefuse(line) : null;
    if (reason === null) return;
    refused = reason;
    tar.kill("SIGKILL");
  });
  const status = await ended;
  if (refused === null && complaint.includes("Member name contains '..'")) refused = "a name in it contains '..'";
  if (refused !== null) throw notContained(path, refused);
  if (status !== 0) throw notUsable(path, `tar says: ${complaint.trim()}`);
}

/** The bytes of the entry that a line of `tar -vv` describes. */
function sizeIn(line: string): number {
  return Number(/^-\S+ +\d+\/\d+ +(\d+) /.exec(line)?.[1] ?? 0);
}

/** Why the entry that a line of `tar -vv` describes has no place in an image, or null. */
function reasonToRefuse(line: string): string | null {
  const entry = /^(.)\S+ +\d+\/\d+ .*? "((?:[^"\\]|\\.)*)"(?: link to "((?:[^"\\]|\\.)*)")?/.exec(line);
  if (!entry) return null;
  const [, type = "", name = "", linkedTo = ""] = entry;
  if (type === "b" || type === "c") return `${name} is a device node`;
  for (const path of [name, linkedTo]) {
    if (path.startsWith("/")) return `the name ${path} is absolute`;
    if (path.split("/").includes("..")) return `the name ${path} contains '..'`;
  }
  return null;
}

function notContained(path: string, reason: string): ProblemError {
  return notAllowed(
    "The archive holds what an image must not",
    `${path}: ${reason}.`,
    "Pack the root filesystem again from within its folder, without /dev: tar --exclude=./dev/* -czf IMAGE.tar.gz .",
  );
}

function notUsable(path: string, reason: string): ProblemError {
  return fail("image-not-found", "The image can't be unpacked", `${path}: ${reason}.`, {
    remedy: "Check the archive with tar -tf, and that the disk has room for what it holds.",
    errors: [{ path: "image", message: "can't be unpacked" }],
  });
}
