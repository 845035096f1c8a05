import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { IdRange } from "../../lib/contract/container.ts";
import { fail } from "../../lib/contract/problem.ts";
import { toolEnvironment } from "../../lib/tool-environment.ts";
import type { Context } from "../context.ts";
import { using } from "../files/container-root.ts";
import { runTool } from "../images/tools.ts";
import type { Report } from "../state/activity.ts";
import type { ContainerRecord } from "../state/record.ts";
import { requireLive } from "./outcome.ts";

const MiB = 1024 * 1024;
const reportEveryMs = 250;

/**
 * Copies what a container has written into the folder of a new one: contents, owners, extended attributes, hard links,
 * and the whiteouts by which overlayfs remembers what was deleted.
 * The other keeps still meanwhile: it must not run, unless it is paused.
 * Throws container-not-found, container-running, validation-failed, disk-full.
 */
export async function copyFiles(
  context: Context,
  from: string,
  to: Copy & { folder: string; idRange: IdRange | null },
  report: Report,
): Promise<void> {
  return context.lanes.run(from, async () => {
    const source = requireSource(context, from, to);
    const [upper, target] = [join(context.records.folder(from), "upper"), join(to.folder, "upper")];
    const total = await sizeOf(upper);
    await requireSpace(target, total);
    // What an attempt before this one left.
    await context.addon.removeTree(target);
    if (source.idRange === null && to.idRange === null) return copyTree(upper, null, target, total, report);
    // Seen so, every file belongs to who has its owner's number in the new container.
    const mapped = await context.addon.openMapped(upper, source.idRange, to.idRange);
    await using(mapped, (fd) => copyTree(upper, fd, target, total, report));
  });
}

/** The container that is being made, as far as it is asked for. */
type Copy = Pick<ContainerRecord, "id" | "spec">;

/**
 * The layer that lies below a container's files. Asked for before the turn of copying is waited for, so that two that are
 * being made never wait for each other. Throws as copyFiles() does.
 */
export function layerOf(context: Context, from: string, to: Copy): string | null {
  return requireSource(context, from, to).lower;
}

function requireSource(context: Context, from: string, to: Copy): ContainerRecord {
  if (from === to.id) throw unfit("a container can't be made from its own files");
  const source = requireLive(context.records.get(from), from);
  const { state } = source.status;
  if (state === "running" || state === "starting" || state === "stopping") {
    throw fail("container-running", "The container is running", `${source.spec.name} writes while it runs.`, {
      remedy: "Pause or stop it, then copy its files.",
    });
  }
  if (source.spec.image !== to.spec.image) throw unfit(`${source.spec.name} is made from ${source.spec.image}`);
  return source;
}

function unfit(message: string) {
  const errors = [{ path: "filesFrom", message }];
  return fail("validation-failed", "The request does not fit", `filesFrom: ${message}`, { errors });
}

async function sizeOf(folder: string): Promise<number> {
  return Number.parseInt(await runTool("du", ["-s", "--block-size=1", "--one-file-system", "--", folder]), 10);
}

async function requireSpace(folder: string, bytes: number): Promise<void> {
  const free = Number((await runTool("df", ["--block-size=1", "--output=avail", "--", folder])).split("\n")[1]);
  if (free - bytes > 512 * MiB) return;
  const words = `The copy takes ${Math.ceil(bytes / MiB)} MiB, and ${Math.floor(free / MiB)} MiB are free.`;
  throw fail("disk-full", "The disk is full", words, {
    remedy: "Free some space on the machine: MiniRun keeps 512 MiB of the disk free.",
  });
}

/**
 * cp(1) of coreutils: links are copied as links, and data shared with the original where the file system can.
 * `view` is a descriptor of the same directory with other owners.
 */
async function copyTree(from: string, view: number | null, to: string, total: number, report: Report): Promise<void> {
  const options = ["--archive", "--one-file-system", "--reflink=auto", "--no-target-directory"];
  const cp = spawn("cp", [...options, "--", view === null ? from : "/proc/self/fd/3/.", to], {
    stdio: ["ignore", "ignore", "pipe", ...(view === null ? [] : [view])],
    env: toolEnvironment,
  });
  let complaint = "";
  cp.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(0, 1000);
  });
  const timer = setInterval(() => {
    void writtenBy(cp.pid).then((done) =>
      report({ step: "copying files", done: Math.min(done, total), total, unit: "bytes" }),
    );
  }, reportEveryMs);
  try {
    const status = await new Promise((resolve, reject) => cp.on("error", reject).on("close", resolve));
    if (status !== 0) throw new Error(`cp of ${from} ended with ${status}: ${complaint.trim()}`);
  } finally {
    clearInterval(timer);
  }
  report({ step: "copying files", done: total, total, unit: "bytes" });
}

/** Bytes that a process has written (proc_pid_io(5), wchar). */
async function writtenBy(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/io`, "utf8").catch(() => "");
  return Number(/^wchar: (\d+)$/m.exec(text)?.[1] ?? 0);
}
