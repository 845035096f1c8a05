import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Config, paths } from "../../lib/config.ts";
import { labs } from "../../lib/labs/labs.ts";
import { CliError } from "../errors.ts";
import { copyTree } from "./copy-tree.ts";
import { folder } from "./folders.ts";
import { linkPostgresLibraries } from "./postgres-binaries.ts";
import { asUser } from "./privileges.ts";
import { productionPackages } from "./production-packages.ts";
import type { SystemUser } from "./system-users.ts";

interface Content {
  path: string;
  optional?: boolean;
  skip?(path: string): boolean;
}

/** What runs, beside the packages; `optional` ones are left out where they are absent. */
const contents: readonly Content[] = [
  { path: "dist" },
  // What the build leaves for itself lies at the top of .next; deeper, these are names of routes.
  { path: ".next", skip: (path: string) => ["cache", "dev", "trace", "trace-build", "diagnostics"].includes(path) },
  { path: "public", optional: true },
  { path: "package.json" },
  { path: "package-lock.json" },
  { path: "next.config.js" },
  { path: "prisma/migrations" },
  { path: "native/build/Release/minirun.node" },
  { path: "native/build/Release/minirun-shim" },
  { path: "native/build/Release/minirun-try-system-call" },
  { path: "native/build/Release/minirun-oci" },
  { path: "native/labs" },
  ...labs.map(({ name }) => ({ path: `native/build/Release/lab-${name}` })),
  { path: "native/oci/default-seccomp.json" },
];

/** Needed by compilers and debuggers alone; half of the files of node_modules. */
const notNeeded = (path: string) => {
  const name = basename(path);
  return name === "node_modules" || name === ".bin" || /\.(map|d\.[cm]?ts|md|flow)$/.test(name);
};

export interface Release {
  id: string;
  folder: string;
  /** The Node executable that the unprivileged processes can execute. */
  node: string;
  /** In development worker and web run from this source folder, as root, web with hot reload. */
  development: string | null;
}

/**
 * Installs what `source` (a clone, or a release itself) holds as HOME/release/ID, unless it is there, and switches
 * HOME/release/current to it. ID is a hash of the contents. Releases but this one and the one before are removed.
 * Throws a CliError when something is not built.
 */
export function installRelease(
  config: Config,
  source: string,
  webUser: SystemUser,
  options: { development: boolean } = { development: false },
): Release {
  const root = paths(config).release;
  const id = contentId(source);
  const target = join(root, id);
  if (!existsSync(target)) {
    const temporary = join(root, `.${id}.tmp`);
    rmSync(temporary, { recursive: true, force: true });
    assemble(source, temporary);
    renameSync(temporary, target);
  }
  const before = switchCurrent(root, id);
  prune(root, [id, ...(before ? [before] : [])]);
  return { id, folder: target, node: nodeFor(target, webUser), development: options.development ? source : null };
}

/**
 * Copies what runs of `source` into the new folder `target`, readable by all and writable by root alone; packages are
 * hard links where that is safe. Returns the hash of the contents. Throws a CliError when something is not built.
 */
export function packRelease(source: string, target: string): string {
  const id = contentId(source);
  assemble(source, target);
  return id;
}

function assemble(source: string, target: string): void {
  folder(target, 0o755);
  for (const item of contents) {
    const from = join(source, item.path);
    if ("optional" in item && !existsSync(from)) continue;
    mkdirSync(dirname(join(target, item.path)), { recursive: true, mode: 0o755 });
    copyTree(from, join(target, item.path), { skip: "skip" in item ? item.skip : undefined });
  }
  const packages = productionPackages(source);
  for (const path of packages) {
    mkdirSync(dirname(join(target, path)), { recursive: true, mode: 0o755 });
    copyTree(join(source, path), join(target, path), { link: true, skip: notNeeded });
  }
  linkPostgresLibraries(target);
}

/** Twelve hex digits over names and bytes of all contents; package-lock.json stands for the packages. */
function contentId(source: string): string {
  const hash = createHash("sha256");
  for (const item of contents) {
    const path = join(source, item.path);
    hash.update(`${item.path}\0`);
    if (existsSync(path)) hashTree(hash, path, "", "skip" in item ? item.skip : undefined);
    else if (!("optional" in item)) {
      throw new CliError(`${path} is missing: MiniRun is not built completely.`, {
        remedy: "Run ./minirun up, which builds what is missing, or npm ci && npm run build.",
      });
    }
  }
  return hash.digest("hex").slice(0, 12);
}

function hashTree(hash: ReturnType<typeof createHash>, path: string, below: string, skip?: (path: string) => boolean) {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) {
    hash.update(`${below}\0`).update(stats.isSymbolicLink() ? readlinkSync(path) : readFileSync(path));
    return;
  }
  for (const entry of readdirSync(path).sort()) {
    const next = join(below, entry);
    if (!skip?.(next)) hashTree(hash, join(path, entry), next, skip);
  }
}

/** Makes `current` point to `id` in one step; returns what it pointed to when that was another release. */
function switchCurrent(root: string, id: string): string | null {
  const link = join(root, "current");
  const before = lstatSync(link, { throwIfNoEntry: false }) ? readlinkSync(link) : null;
  if (before === id) return null;
  const temporary = `${link}.tmp`;
  rmSync(temporary, { force: true });
  symlinkSync(id, temporary);
  renameSync(temporary, link);
  return before;
}

function prune(root: string, keep: string[]): void {
  // With nothing switched the release before is unknown: the youngest others stay until the next switch.
  if (keep.length < 2) return;
  for (const name of readdirSync(root)) {
    if (name !== "current" && !keep.includes(name)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

/** This Node where the web's user can execute it (a version manager's below /root it can't), else a copy in the release. */
function nodeFor(release: string, webUser: SystemUser): string {
  const copy = join(release, "bin/node");
  if (existsSync(copy)) return copy;
  const [command = "", ...options] = [...asUser(webUser, { endWithParent: false }), process.execPath, "--version"];
  try {
    execFileSync(command, options, { stdio: "ignore", cwd: "/" });
    return process.execPath;
  } catch {
    mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
    cpSync(process.execPath, `${copy}.tmp`);
    renameSync(`${copy}.tmp`, copy);
    return copy;
  }
}
