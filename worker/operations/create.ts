import { close } from "node:fs";
import { join } from "node:path";
import type { ContainerSpec } from "../../lib/contract/container.ts";
import type { Operation, OperationProgress } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { resolveBinds } from "../engine/binds.ts";
import { makeBundle } from "../engine/bundle.ts";
import { requireIds } from "../engine/container-ids.ts";
import { clearFolders, type Layers, makeFolders, openLayers, writeHostFiles } from "../engine/host-files.ts";
import { readMaxOpenFiles } from "../engine/host-limits.ts";
import { mapBinds } from "../engine/map-binds.ts";
import { resolveUser, textReader, type User } from "../engine/resolve-user.ts";
import { type ContainerRecord, newRecord } from "../state/record.ts";
import { checkTogether } from "./check-together.ts";
import { copyFiles, layerOf } from "./copy-files.ts";
import { missingIds, type Outcome } from "./outcome.ts";
import { settleIds } from "./settle-ids.ts";

type Missing = ContainerRecord["status"]["missing"];
type Create = Extract<Operation, { verb: "create" }>;

/**
 * Makes a container: its record, its folders, its bundle. Begun again after a crash it makes the same.
 * Throws name-taken, key-reused, and what stands against its image, user, binds and the files that it begins with.
 */
export async function createContainer(context: Context, operation: Create, known?: ContainerRecord): Promise<Outcome> {
  const { containerId: id } = operation;
  const { filesFrom, ...spec } = operation.arguments;
  if (known && known.current?.id !== operation.id) {
    throw fail("key-reused", "The id is in use", `Container ${id} was made by another request.`, {
      remedy: "Send the request with a new container id.",
    });
  }
  takeName(context, spec.name, id);
  const record = known ?? { ...newRecord(id, context.config.node, spec, new Date().toISOString()), current: operation };
  await context.records.save(record, { durable: false }).catch((error) => {
    if (!known) context.records.releaseName(spec.name, id);
    throw error;
  });
  const folder = context.records.folder(id);
  makeFolders(folder);
  checkTogether(spec);
  const report = (progress: OperationProgress) => context.activity.report(operation.id, progress);
  const layer = filesFrom === undefined ? null : layerOf(context, filesFrom, { id, spec });
  const lower = await context.images.resolve(spec.image, layer, report);
  // What an attempt before this one has written has its ids.
  if (known) await clearFolders(context.addon, folder);
  const ids = await settleIds(context, record, { lower, folder });
  try {
    const made = { ...record, ...ids };
    if (filesFrom !== undefined) await copyFiles(context, filesFrom, { ...made, folder }, report);
    await writeHostFiles(context.addon, spec, { lower, folder, ids: made.idRange });
    const missing = await writeBundle(context, made, lower);
    return { record, change: { fields: { lower, ...ids }, status: { missing }, action: "created" } };
  } catch (error) {
    context.idRanges.release(id);
    throw error;
  }
}

/** Keeps a name for a container. Throws name-taken. */
export function takeName(context: Context, name: string, id: string): void {
  if (context.records.reserveName(name, id)) return;
  throw fail("name-taken", "The name is taken", `A container named ${name} exists already.`, {
    remedy: "Choose another name, or delete that container first.",
    errors: [{ path: "name", message: "is taken" }],
  });
}

/**
 * Writes a container's bundle and the folders that it names; every start does so again, with what holds then.
 * Answers what the container has to do without.
 */
export async function writeBundle(context: Context, record: ContainerRecord, lower: string): Promise<Missing> {
  const { addon, config, installation } = context;
  const folder = context.records.folder(record.id);
  makeFolders(folder);
  const ids = record.idRange;
  const binds = await mapBinds(addon, await resolveBinds(record.spec.binds, config.configFile), ids);
  const bundle = makeBundle({
    id: record.id,
    spec: record.spec,
    lower,
    folder,
    ids,
    cgroup: config.cgroup,
    seccomp: installation.seccomp,
    maxOpenFiles: readMaxOpenFiles(),
    user: await findUser(context, record.spec, { lower, folder, ids }),
    binds: binds.mounts,
  });
  await addon.replaceFile(join(folder, "bundle/config.json"), JSON.stringify(bundle, null, 2), false);
  return [...missingIds(record), ...binds.missing];
}

/** Who a container's process is, by the container's own files; root is the same in all of them. */
export async function findUser({ addon }: Context, { user }: ContainerSpec, layers: Layers): Promise<User> {
  if (user === "root") return { uid: 0, gid: 0, additionalGids: [], home: "/root" };
  const root = await openLayers(addon, layers, "read");
  try {
    return requireIds(layers.ids, await resolveUser(textReader(addon, root), user));
  } finally {
    close(root);
  }
}
