import { close } from "node:fs";
import { join } from "node:path";
import type { ContainerSpec } from "../../lib/contract/container.ts";
import type { Operation, OperationProgress } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { resolveBinds } from "../engine/binds.ts";
import { makeBundle } from "../engine/bundle.ts";
import { type Layers, makeFolders, openLayers, writeHostFiles } from "../engine/host-files.ts";
import { readMaxOpenFiles } from "../engine/host-limits.ts";
import { resolveUser, textReader, type User } from "../engine/resolve-user.ts";
import { type ContainerRecord, newRecord } from "../state/record.ts";
import { checkTogether } from "./check-together.ts";
import { copyFiles } from "./copy-files.ts";
import type { Outcome } from "./outcome.ts";

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
  await context.records.save(record, { durable: false });
  const folder = context.records.folder(id);
  await makeFolders(folder);
  checkTogether(spec);
  const report = (progress: OperationProgress) => context.activity.report(operation.id, progress);
  const layer = filesFrom === undefined ? null : await copyFiles(context, filesFrom, { id, spec, folder }, report);
  const lower = await context.images.resolve(spec.image, layer, report);
  await writeHostFiles(context.addon, spec, { lower, folder });
  await writeBundle(context, record, lower);
  return { record, change: { fields: { lower }, action: "created" } };
}

/** Keeps a name for a container. Throws name-taken. */
export function takeName(context: Context, name: string, id: string): void {
  if (context.records.reserveName(name, id)) return;
  throw fail("name-taken", "The name is taken", `A container named ${name} exists already.`, {
    remedy: "Choose another name, or delete that container first.",
    errors: [{ path: "name", message: "is taken" }],
  });
}

/** Writes a container's bundle and the folders that it names; every start does so again, with what holds then. */
export async function writeBundle(context: Context, record: ContainerRecord, lower: string): Promise<void> {
  const { config, installation } = context;
  const folder = context.records.folder(record.id);
  await makeFolders(folder);
  const bundle = makeBundle({
    id: record.id,
    spec: record.spec,
    lower,
    folder,
    cgroup: config.cgroup,
    seccomp: installation.seccomp,
    maxOpenFiles: readMaxOpenFiles(),
    user: await findUser(context, record.spec, { lower, folder }),
    binds: await resolveBinds(record.spec.binds, config.configFile),
  });
  await context.addon.replaceFile(join(folder, "bundle/config.json"), JSON.stringify(bundle, null, 2), false);
}

/** Who a container's process is, by the container's own files; root is the same in all of them. */
export async function findUser({ addon }: Context, { user }: ContainerSpec, layers: Layers): Promise<User> {
  if (user === "root") return { uid: 0, gid: 0, additionalGids: [], home: "/root" };
  const root = await openLayers(addon, layers, "read");
  try {
    return await resolveUser(textReader(addon, root), user);
  } finally {
    close(root);
  }
}
