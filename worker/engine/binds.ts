import { stat } from "node:fs/promises";
import { posix } from "node:path";
import type { Bind } from "../../lib/contract/container.ts";
import { fail, type ProblemError } from "../../lib/contract/problem.ts";
import { isBelow, permit } from "../images/allow-list.ts";
import { readSettings } from "../images/settings.ts";
import type { Mount } from "./mounts.ts";

/** The kernel's own views, which say and hide what is meant for the container: nothing is put over them. */
const reserved = ["/proc", "/sys", "/dev"];

/**
 * Makes mounts of binds: of directories and files that root's configuration allows, at targets beneath the container's
 * root. Sources are real paths, and the shim takes no others: a link that is put there later leads nowhere.
 * Throws bind-not-allowed, bind-not-found, validation-failed.
 */
export async function resolveBinds(binds: readonly Bind[], configFile: string): Promise<Mount[]> {
  if (binds.length === 0) return [];
  checkTargets(binds);
  const settings = await readSettings(configFile, (title, detail, remedy) =>
    fail("bind-not-allowed", title, detail, { remedy }),
  );
  const sources = await Promise.all(binds.map((bind, index) => resolveSource(bind, index, settings.binds, configFile)));
  return binds.map((bind, index) => ({
    destination: posix.normalize(bind.target),
    type: "bind",
    source: sources[index] ?? "",
    // Without what is mounted below the source: that would stay writable under a read-only bind.
    options: ["bind", bind.readOnly ? "ro" : "rw", "nosuid", "nodev", "private"],
  }));
}

async function resolveSource(
  { source, readOnly }: Bind,
  index: number,
  entries: { path: string; readOnly: boolean }[],
  configFile: string,
): Promise<string> {
  const { real, allowed } = await permit(source, entries);
  if (allowed.length === 0) {
    const entry = JSON.stringify({ binds: [{ path: source, readOnly }] });
    throw notAllowed(index, `${source} is not below a path that ${configFile} lists.`, `Root can allow it: ${entry}`);
  }
  if (!readOnly && allowed.every((entry) => entry.readOnly)) {
    throw notAllowed(index, `${source} may be read and not written to.`, "Make the bind read-only.");
  }
  const found = real === null ? null : await stat(real).catch(() => null);
  if (real === null || !found) {
    throw fail("bind-not-found", "No such path to bind", `There is no ${source} on this host.`, {
      remedy: "Make it first; MiniRun makes nothing on the host.",
      errors: [{ path: `binds.${index}.source`, message: "is not found" }],
    });
  }
  if (found.isDirectory() || found.isFile()) return real;
  throw notAllowed(index, `${source} is neither a directory nor a file.`, "Bind the directory that it lies in.");
}

function checkTargets(binds: readonly Bind[]): void {
  const targets = binds.map(({ target }) => posix.normalize(target).replace(/(?<=.)\/$/, ""));
  targets.forEach((target, index) => {
    const isReserved = target === "/" || reserved.some((path) => isBelow(target, path));
    if (isReserved) throw unfit(index, `${target} is the container's own`);
    if (targets.indexOf(target) !== index) throw unfit(index, `${target} is the target of another bind`);
  });
}

function unfit(index: number, message: string): ProblemError {
  const path = `binds.${index}.target`;
  return fail("validation-failed", "The request does not fit", `${path}: ${message}`, { errors: [{ path, message }] });
}

function notAllowed(index: number, detail: string, remedy: string): ProblemError {
  const errors = [{ path: `binds.${index}.source`, message: "is not allowed" }];
  return fail("bind-not-allowed", "The bind is not allowed", detail, { remedy, errors });
}
