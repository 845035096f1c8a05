import { link, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { ContainerSpec } from "../../lib/contract/container.ts";
import { problem } from "../../lib/contract/problem.ts";
import { uuidFrom } from "../../lib/uuid-from.ts";
import type { Context } from "../context.ts";
import { hasCode } from "../state/files.ts";
import { type ContainerRecord, newRecord } from "../state/record.ts";
import { damagedPath } from "../state/records.ts";

const Readable = z.looseObject({ spec: z.looseObject({}).default({}) });

/**
 * Takes the place of a record that can't be read: the container shows as lost, with the reason, under its name if that
 * can be made out, and can be deleted by force. The damaged file is kept beside it, from before there is another: a folder without a
 * record is removed.
 */
export async function salvage(context: Context, id: string, error: unknown): Promise<void> {
  const path = join(context.records.folder(id), "record.json");
  const kept = damagedPath(path);
  const text = await readFile(path, "utf8")
    .catch(() => readFile(kept, "utf8"))
    .catch(() => "");
  await link(path, kept).catch((problem) => {
    if (!hasCode(problem, "EEXIST", "ENOENT")) throw problem;
  });
  await context.records.save(lostRecord(context, id, text, error), { durable: true });
}

function lostRecord(context: Context, id: string, text: string, error: unknown): ContainerRecord {
  const now = new Date().toISOString();
  const record = newRecord(id, context.config.node, salvageSpec(context, id, text), now);
  const reason = error instanceof Error ? error.message : String(error);
  const words = problem("record-damaged", "The container's record can't be read", reason.slice(0, 2000), {
    remedy: "Delete it with force; or stop the worker, mend record.json.damaged, and move it back to record.json.",
  });
  return {
    ...record,
    damaged: true,
    status: { ...record.status, state: "lost", problem: words },
    // Above every count of changes, so that the database takes it.
    revision: Math.floor(Date.now() / 1000),
    event: { id: uuidFrom(`${id} damaged ${now}`), action: "lost", at: now },
  };
}

/** What of a specification fits, with defaults for the rest. */
function salvageSpec(context: Context, id: string, text: string): ContainerSpec {
  const { spec } = Readable.catch({ spec: {} }).parse(parseJson(text));
  const fitting = Object.entries(ContainerSpec.shape).flatMap(([key, schema]) => {
    const parsed = (schema as z.ZodType).safeParse(spec[key]);
    return parsed.success && spec[key] !== undefined ? [[key, parsed.data] as const] : [];
  });
  const known = Object.fromEntries(fitting);
  const isFree = typeof known.name === "string" && context.records.reserveName(known.name, id);
  const name = isFree ? known.name : `damaged-${id}`;
  return ContainerSpec.parse({ command: ["?"], ...known, name });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
