import { isDeepStrictEqual } from "node:util";
import type { ContainerSpec, UpdateContainer } from "../../lib/contract/container.ts";
import type { Operation } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { resolveBinds } from "../engine/binds.ts";
import { hostnameOf } from "../engine/bundle.ts";
import { writeHostFiles } from "../engine/host-files.ts";
import type { ContainerRecord } from "../state/record.ts";
import { checkTogether } from "./check-together.ts";
import type { Change } from "./commit.ts";
import { findUser, takeName } from "./create.ts";
import { isRunning, type Outcome, requireLive } from "./outcome.ts";
import { settle } from "./stop.ts";
import { updateLimits } from "./update-limits.ts";

type Update = Extract<Operation, { verb: "update" }>;

/** What changes while a container runs; everything else is part of its bundle. */
const live: readonly string[] = [
  "name",
  "labels",
  "limits",
  "restart",
  "autoRemove",
] satisfies (keyof UpdateContainer)[];

/**
 * Renames a container or changes its settings: all of what was asked for, or nothing.
 * Throws changed-meanwhile, name-taken, container-running, limit-too-small, and what a creation throws.
 */
export async function updateContainer(context: Context, operation: Update, known?: ContainerRecord): Promise<Outcome> {
  const record = requireLive(known, operation.containerId);
  const { change, ifRevision } = operation.arguments;
  if (ifRevision !== undefined && ifRevision !== record.revision) throw changedMeanwhile(record, ifRevision);
  const spec = applyChange(record, change);
  const changed = keysOf(spec).filter((key) => !isDeepStrictEqual(spec[key], record.spec[key]));
  if (changed.length === 0) return { record, change: {} };
  const fixed = changed.filter((key) => !live.includes(key) && !(key === "hostname" && changed.includes("name")));
  if (isRunning(record) && fixed.length > 0) throw needsStop(record, fixed);
  await check(context, record, spec, changed);
  if (spec.name !== record.spec.name) takeName(context, spec.name, record.id);
  try {
    if (isRunning(record) && changed.includes("limits")) await updateLimits(context, record, spec.limits);
  } catch (error) {
    if (spec.name !== record.spec.name) context.records.releaseName(spec.name, record.id);
    throw error;
  }
  return { record, change: changeTo(record, spec) };
}

/** Checks now what a start would find out, and keeps the names of one that never ran in its files. */
async function check(
  context: Context,
  record: ContainerRecord,
  spec: ContainerSpec,
  changed: readonly (keyof ContainerSpec)[],
): Promise<void> {
  checkTogether(spec);
  if (changed.includes("binds")) await resolveBinds(spec.binds, context.config.configFile);
  if (record.lower === null) return;
  const layers = { lower: record.lower, folder: context.records.folder(record.id), ids: record.idRange };
  if (changed.includes("user")) await findUser(context, spec, layers);
  const isNamed = changed.includes("name") || changed.includes("hostname") || changed.includes("network");
  if (isNamed && record.status.startedAt === null) await writeHostFiles(context.addon, spec, layers);
}

/** The specification after a change. A container that has run keeps its host name when it is renamed. */
function applyChange({ spec, status }: ContainerRecord, { limits, ...rest }: UpdateContainer): ContainerSpec {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const keeps = status.startedAt !== null && rest.name !== undefined && rest.name !== spec.name;
  return {
    ...spec,
    ...(keeps && { hostname: hostnameOf(spec) }),
    ...given,
    limits: { ...spec.limits, ...limits },
  };
}

function keysOf(spec: ContainerSpec): (keyof ContainerSpec)[] {
  return Object.keys(spec) as (keyof ContainerSpec)[];
}

function changeTo(record: ContainerRecord, spec: ContainerSpec): Change {
  const action = spec.name === record.spec.name ? "updated" : "renamed";
  const isGivenUp = record.status.state === "restarting" && spec.restart === "no";
  const settled = isGivenUp ? settle(record).change : {};
  return { fields: { ...settled.fields, spec }, status: { ...settled.status }, action };
}

function changedMeanwhile({ spec, status, revision }: ContainerRecord, expected: number) {
  const words = `${spec.name} is at revision ${revision} now (${status.state}), and no longer at ${expected}.`;
  return fail("changed-meanwhile", "The container has changed meanwhile", words, {
    remedy: "Read it again, and repeat the change on what it is now.",
    details: { revision, state: status.state },
  });
}

function needsStop({ spec }: ContainerRecord, fields: string[]) {
  const words = `${spec.name} runs: ${fields.join(", ")} can't change before it has ended.`;
  return fail("container-running", "The container is running", words, {
    remedy: "Stop it first; name, labels, limits, restart and autoRemove change at any time.",
    errors: fields.map((path) => ({ path, message: "can't change while the container runs" })),
  });
}
