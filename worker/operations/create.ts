import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Operation } from "../../lib/contract/operation.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { hostnameOf, makeBundle } from "../engine/bundle.ts";
import { readMaxOpenFiles } from "../engine/host-limits.ts";
import { writeWhole } from "../state/files.ts";
import { type ContainerRecord, newRecord } from "../state/record.ts";
import type { Outcome } from "./outcome.ts";

type Create = Extract<Operation, { verb: "create" }>;

/**
 * Makes a container: its record, its folders, its bundle. Begun again after a crash it makes the same.
 * Throws name-taken, key-reused, image-not-found, image-not-allowed.
 */
export async function createContainer(context: Context, operation: Create, known?: ContainerRecord): Promise<Outcome> {
  const { containerId: id, arguments: spec } = operation;
  if (known && known.current?.id !== operation.id) {
    throw fail("key-reused", "The id is in use", `Container ${id} was made by another request.`, {
      remedy: "Send the request with a new container id.",
    });
  }
  takeName(context, spec.name, id);
  const record = known ?? { ...newRecord(id, context.config.node, spec, new Date().toISOString()), current: operation };
  await context.records.save(record, { durable: false });
  const lower = await context.images.resolve(spec.image);
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
  const folder = context.records.folder(record.id);
  for (const name of ["bundle/rootfs", "upper", "work"])
    await mkdir(join(folder, name), { recursive: true, mode: 0o755 });
  const bundle = makeBundle({
    id: record.id,
    spec: record.spec,
    lower,
    folder,
    cgroup: context.config.cgroup,
    seccomp: context.installation.seccomp,
    maxOpenFiles: readMaxOpenFiles(),
  });
  await writeHostFiles(record, lower, join(folder, "upper"));
  await writeWhole(join(folder, "bundle/config.json"), JSON.stringify(bundle, null, 2), { durable: false });
}

/** Gives a container that never ran its own names and, on the host's network, the host's resolver, if it has an /etc. */
async function writeHostFiles(record: ContainerRecord, lower: string, upper: string): Promise<void> {
  if (record.status.startedAt !== null) return;
  const etc = await lstat(join(lower, "etc")).catch(() => null);
  if (!etc?.isDirectory()) return;
  const name = hostnameOf(record.spec);
  const resolver = record.spec.network === "host" ? await readFile("/etc/resolv.conf").catch(() => null) : null;
  await mkdir(join(upper, "etc"), { recursive: true, mode: 0o755 });
  await writeFile(join(upper, "etc/hostname"), `${name}\n`);
  await writeFile(join(upper, "etc/hosts"), `127.0.0.1\tlocalhost\n::1\tlocalhost\n127.0.1.1\t${name}\n`);
  if (resolver) await writeFile(join(upper, "etc/resolv.conf"), resolver);
}
