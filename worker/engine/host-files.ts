import { close, mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerSpec, IdRange } from "../../lib/contract/container.ts";
import type { Addon } from "../addon/addon.ts";
import { type ContainerFiles, containerFiles, makeFile } from "../files/container-files.ts";
import { openPlace } from "../files/places.ts";
import { hasCode } from "../state/files.ts";
import { hostnameOf } from "./bundle.ts";

/** The layers of a container that does not run. */
export interface Layers {
  lower: string;
  /** The container's folder, in which upper and work lie. */
  folder: string;
  ids: IdRange | null;
}

/** A root of these layers alone; `write` needs that nobody else has one. The caller closes it. */
export function openLayers(addon: Addon, { lower, folder, ids }: Layers, access: "read" | "write"): Promise<number> {
  const work = access === "write" ? join(folder, "work") : null;
  return addon.openOverlayRoot({ lower: [lower], upper: join(folder, "upper"), work, ids });
}

/**
 * Gives a container its own names and, on the host's network, the host's resolver, if it has an /etc. What is there may
 * come from another container, so everything is looked up beneath its root, and nothing is written through a link.
 */
export async function writeHostFiles(addon: Addon, spec: ContainerSpec, layers: Layers): Promise<void> {
  const name = hostnameOf(spec);
  const resolver = spec.network === "host" ? await readFile("/etc/resolv.conf", "utf8").catch(() => null) : null;
  const root = await openLayers(addon, layers, "write");
  const files = containerFiles(addon, layers.ids);
  try {
    await putFile(files, root, "/etc/hostname", `${name}\n`);
    await putFile(files, root, "/etc/hosts", `127.0.0.1\tlocalhost\n::1\tlocalhost\n127.0.1.1\t${name}\n`);
    if (resolver !== null) await putFile(files, root, "/etc/resolv.conf", resolver);
  } finally {
    close(root);
  }
}

async function putFile(files: ContainerFiles, root: number, path: string, text: string): Promise<void> {
  const place = await openPlace(files, root, path).catch((error) => {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  });
  if (!place) return;
  try {
    const temporary = { ...place, name: `.${place.name}.minirun` };
    const file = await makeFile(files, temporary, { uid: 0, gid: 0, mode: 0o644 });
    await file.writeFile(text).finally(() => file.close());
    await files.moveEntry(temporary, place, "replace");
  } finally {
    close(place.directory.fd);
  }
}

/** Empties the folders of a container that has not been made yet; what was copied into them may be of any depth. */
export async function clearFolders({ removeTree }: Pick<Addon, "removeTree">, folder: string): Promise<void> {
  await Promise.all(["upper", "work"].map((name) => removeTree(join(folder, name))));
  makeFolders(folder);
}

/** Makes the folders that a bundle names; mostly they are there. */
export function makeFolders(folder: string): void {
  for (const name of ["bundle/rootfs", "upper", "work"])
    mkdirSync(join(folder, name), { recursive: true, mode: 0o755 });
}
