import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { toolEnvironment } from "../../lib/tool-environment.ts";
import { CliError } from "../errors.ts";
import { notOurs } from "./tar-header.ts";

/** Owners as numbers, holes, and every extended attribute: overlayfs marks its directories by them. */
const whole = ["--numeric-owner", "--sparse", "--acls", "--xattrs", "--xattrs-include=*"];

/** Ends of tar that are none of ours: 1 says that files changed or went while they were read. */
const changedMeanwhile = 1;

export interface TreeOptions {
  signal: AbortSignal;
  /** Patterns, from the folder on, of what is left out. */
  exclude?: readonly string[];
  /** Told when files changed while they were read. */
  onChanged?(): void;
}

/** The named entries of a folder as a tar archive, whatever they are. */
export async function* packTree(
  folder: string,
  entries: readonly string[],
  { signal, exclude = [], onChanged }: TreeOptions,
): AsyncIterable<Uint8Array> {
  const options = ["--create", "--format=pax", `--directory=${folder}`, "--one-file-system", ...whole];
  const left = exclude.map((pattern) => `--exclude=${pattern}`);
  // The names come behind "--": none is taken for an option.
  const child = spawn("tar", [...options, "--anchored", ...left, "--", ...entries.map((name) => `./${name}`)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: toolEnvironment,
    signal,
  });
  const ended = endOf(child);
  ended.catch(() => {});
  try {
    yield* child.stdout;
    const { code, complaint } = await ended;
    if (code === changedMeanwhile) onChanged?.();
    else if (code !== 0) throw new CliError(`tar could not read ${folder}: ${complaint}`);
  } finally {
    child.kill("SIGKILL");
  }
}

/** What a tree may hold: files and folders alone, or whatever a container's files may be. */
export type TreeKind = "plain" | "container";

/**
 * Reads an archive to its end and refuses one with a name that leads out of its folder, a device other than overlayfs's
 * whiteouts, or, where it is plain, a link. tar itself tells what it finds, so it is judged as it would be unpacked.
 */
export async function checkTree(
  name: string,
  content: AsyncIterable<Uint8Array>,
  kind: TreeKind,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(
    "tar",
    ["--list", "--file=-", "--verbose", "--quoting-style=c", "--numeric-owner", "--absolute-names"],
    {
      stdio: ["pipe", "pipe", "pipe"],
      env: toolEnvironment,
      signal,
    },
  );
  const ended = endOf(child);
  ended.catch(() => {});
  let refused: string | null = null;
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    refused ??= reasonToRefuse(line, kind);
  });
  const listed = once(lines, "close");
  await feed(child.stdin, content);
  const [{ code, complaint }] = await Promise.all([ended, listed]);
  if (refused !== null) throw notOurs(`in ${name}, ${refused}`);
  if (code !== 0) throw notOurs(`tar can't read ${name}: ${complaint}`);
}

/** Why an entry that a line of `tar --list --verbose` describes is not unpacked, or null. A line that can't be understood is one. */
export function reasonToRefuse(line: string, kind: TreeKind): string | null {
  const entry = /^(.)\S+ +\d+\/\d+ +(\S+) .*? ("(?:[^"\\]|\\.)*")(?: (?:->|link to) ("(?:[^"\\]|\\.)*"))?$/.exec(line);
  if (!entry) return `a line of its listing can't be understood: ${JSON.stringify(line.slice(0, 200))}`;
  const [, type = "", size = "", name = "", target = '""'] = entry;
  const allowed = kind === "plain" ? "-d" : "-dlhpc";
  if (!allowed.includes(type)) return `${name} is ${typeNames[type] ?? "something else"}`;
  if (type === "c" && size !== "0,0") return `${name} is a device node`;
  // A symbolic link may lead anywhere: whoever follows it does so inside the container.
  for (const path of type === "h" ? [name, target] : [name]) {
    if (path.startsWith('"/')) return `the name ${path} is absolute`;
    if (path.slice(1, -1).split("/").includes("..")) return `the name ${path} leads out of its folder`;
  }
  return null;
}

const typeNames: Record<string, string> = {
  b: "a device node",
  c: "a device node",
  l: "a symbolic link",
  h: "a hard link",
  p: "a pipe",
};

/** Unpacks an archive that was checked into a folder, as it was: owners, modes, times, attributes. */
export async function unpackTree(
  content: AsyncIterable<Uint8Array>,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const options = ["--extract", "--file=-", `--directory=${folder}`, "--same-owner", "--same-permissions", ...whole];
  const child = spawn("tar", options, {
    stdio: ["pipe", "ignore", "pipe"],
    env: toolEnvironment,
    signal,
  });
  const ended = endOf(child);
  ended.catch(() => {});
  await feed(child.stdin, content);
  const { code, complaint } = await ended;
  if (code !== 0) throw new CliError(`tar could not unpack into ${folder}: ${complaint}`);
}

/** Gives tar its archive. One that it refuses, and so does not read to its end, is told by its own words. */
async function feed(input: Writable, content: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await pipeline(content, input);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code !== "EPIPE" && code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

function endOf(child: ReturnType<typeof spawn>): Promise<{ code: number | null; complaint: string }> {
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(0, 1000);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, complaint: complaint.trim() }));
  });
}
