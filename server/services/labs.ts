import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { callWorker } from "../../lib/client/worker.ts";
import { type LabInfo, LabRun, type LabSummary } from "../../lib/contract/lab.ts";
import type { Principal } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import { Session } from "../../lib/contract/session.ts";
import { anchorNotes, type Lab } from "../../lib/labs/lab.ts";
import { findLab, labs } from "../../lib/labs/labs.ts";
import type { WebContext } from "../context.ts";
import { withHolder } from "./sessions.ts";

/** A first run may have to make the image of the host's programs. */
const startTimeoutMs = 60_000;
const timeoutMs = 15_000;

export function listLabs(): LabSummary[] {
  return labs.map(({ name, title, summary, tasks }) => ({ name, title, summary, tasks: tasks.length }));
}

/** A lab with its program, as this release has it. Throws not-found. */
export async function readLab(name: string): Promise<LabInfo> {
  const lab = requireLab(name);
  const file = `native/labs/${lab.name}.cc`;
  const source = await readFile(join(process.cwd(), file), "utf8");
  return {
    ...{ name: lab.name, title: lab.title, summary: lab.summary, text: [...lab.text], file, source },
    notes: anchorNotes(lab, source),
    tasks: lab.tasks.map(({ isDone: _, ...task }) => task),
  };
}

export async function startLab(context: WebContext, { id }: Principal, name: string): Promise<LabRun> {
  return LabRun.parse(await call(context, "POST", name, { principal: id }, startTimeoutMs));
}

/** Throws not-found for a lab that this person does not run. */
export async function readLabRun({ workerSocket }: WebContext, { id }: Principal, name: string): Promise<LabRun> {
  const path = `/labs/${requireLab(name).name}/run?principal=${encodeURIComponent(id)}`;
  return LabRun.parse(await callWorker(workerSocket, "GET", path, undefined, { timeoutMs }));
}

export async function endLab(context: WebContext, { id }: Principal, name: string): Promise<void> {
  await call(context, "DELETE", name, { principal: id }, timeoutMs);
}

export async function openLabSession(
  context: WebContext,
  principal: Principal,
  name: string,
  size: { cols: number; rows: number },
): Promise<Session> {
  const path = `/labs/${requireLab(name).name}/run/sessions`;
  const request = { ...size, principal: principal.id };
  const answer = await callWorker(context.workerSocket, "POST", path, request, { timeoutMs });
  return withHolder(context, principal, Session.parse(answer));
}

function call(
  { workerSocket }: WebContext,
  method: "POST" | "DELETE",
  name: string,
  body: object,
  timeoutMs: number,
): Promise<unknown> {
  return callWorker(workerSocket, method, `/labs/${requireLab(name).name}/run`, body, { timeoutMs });
}

function requireLab(name: string): Lab {
  const lab = findLab(name);
  if (lab) return lab;
  throw fail("not-found", "No such lab", `There is no lab ${JSON.stringify(name)}.`, {
    remedy: `There are: ${labs.map((one) => one.name).join(", ")}.`,
  });
}
