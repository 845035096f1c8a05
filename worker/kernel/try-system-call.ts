import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getSystemErrorMap } from "node:util";
import * as z from "zod";
import type { SeccompCall, TriedSystemCall } from "../../lib/contract/kernel.ts";
import { fail, ProblemError } from "../../lib/contract/problem.ts";
import { type Context, cgroupPath, runFolder } from "../context.ts";
import { ExitFile, readReport } from "../engine/report.ts";
import { parseRecords } from "../logs/records.ts";
import { readJson } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";
import { bundleOf, readKernel } from "./read-kernel.ts";
import { scratchConfig } from "./scratch-config.ts";

const patienceMs = 10_000;

const Answer = z.object({ returned: z.number(), errno: z.int() });

/**
 * Makes a system call that a container's filter refuses, in a scratch container with the same filter, namespaces and
 * rights, and tells what came back. The scratch container has no record: it is in no list, and gone when this returns;
 * what a worker that dies meanwhile leaves is removed by the next one. One at a time on this node.
 */
export async function trySystemCall(context: Context, record: ContainerRecord, name: string): Promise<TriedSystemCall> {
  const { seccomp } = await readKernel(context, record, ["seccomp"]);
  const call = seccomp?.calls.find((known) => known.name === name);
  if (!call) throw unknownCall(name);
  if (!call.answers.every(refuses)) throw notRefused(record, call);
  return context.lanes.run("try-system-call", () => runScratch(context, record, call));
}

/** Whether the call never reaches the kernel, whatever its arguments: only such a one is made. */
function refuses({ action }: SeccompCall["answers"][number]): boolean {
  return action === "errno" || action === "kill-process" || action === "kill-thread" || action === "trap";
}

async function runScratch(context: Context, record: ContainerRecord, call: SeccompCall): Promise<TriedSystemCall> {
  const id = randomUUID();
  const folder = runFolder(context, id);
  const began = performance.now();
  try {
    await writeScratch(context, record, { id, folder, call });
    const { pid, startTime, report } = await context.addon.spawnShim({
      binary: context.installation.shim,
      args: ["--id", id, "--bundle", join(folder, "bundle"), "--state", folder, "--run", folder].concat([
        "--cache",
        context.paths.cache,
      ]),
    });
    const started = readReport(report, "The scratch container did not start");
    if ("problem" in started) throw new ProblemError(started.problem);
    await Promise.race([context.addon.watchProcess(pid, startTime), sleep(patienceMs, undefined, { ref: false })]);
    const signal = (await readJson(join(folder, "exit.json"), ExitFile))?.signal ?? null;
    const answer = signal === null ? await readAnswer(folder, call.name) : null;
    const [errno, meaning] = getSystemErrorMap().get(-(answer?.errno ?? 0)) ?? [null, null];
    const returned = answer?.returned ?? null;
    const milliseconds = performance.now() - began;
    return { call: call.name, number: call.number, returned, errno, meaning, signal, milliseconds };
  } finally {
    await context.addon.cgroupKill(cgroupPath(context, id));
    await context.addon.removeTree(folder);
  }
}

interface Scratch {
  id: string;
  folder: string;
  call: SeccompCall;
}

async function writeScratch(context: Context, record: ContainerRecord, { id, folder, call }: Scratch): Promise<void> {
  const config: unknown = JSON.parse(await readFile(join(bundleOf(context, record), "config.json"), "utf8"));
  const bundle = join(folder, "bundle");
  const root = join(bundle, "rootfs");
  await mkdir(join(root, "dev"), { recursive: true, mode: 0o755 });
  // What the program is bound over: the root itself is read-only.
  await writeFile(join(root, "try-system-call"), "", { mode: 0o755 });
  const changed = scratchConfig(config, {
    program: context.installation.trySystemCall,
    number: call.number,
    cgroup: cgroupPath(context, id),
  });
  await writeFile(join(bundle, "config.json"), JSON.stringify(changed), { mode: 0o600 });
}

/** What the program has printed, from the shim's log. */
async function readAnswer(folder: string, name: string): Promise<z.infer<typeof Answer>> {
  const { chunks } = parseRecords(await readFile(join(folder, "output.log")), 0);
  const text = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString();
  try {
    return Answer.parse(JSON.parse(text));
  } catch {
    throw fail(
      "internal",
      "The call was not answered",
      `${name}: the scratch container wrote ${JSON.stringify(text)}`,
      {
        remedy: "Try again; the host may have been too busy to run it within 10 s.",
      },
    );
  }
}

function unknownCall(name: string): ProblemError {
  const words = `This machine has no system call ${JSON.stringify(name)}, or the container has no filter.`;
  return fail("validation-failed", "There is nothing to try", words, {
    remedy: "Take a name from the kernel view's list of calls.",
  });
}

function notRefused({ spec }: ContainerRecord, { name }: SeccompCall): ProblemError {
  const words = `The filter of ${spec.name} lets ${name} through, always or by its arguments.`;
  return fail("validation-failed", "The call is not refused", words, {
    remedy: "Only calls that never reach the kernel are tried: these can't do anything.",
  });
}
