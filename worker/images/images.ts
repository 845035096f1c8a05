import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { ProblemError } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import type { Report } from "../state/activity.ts";
import { permit } from "./allow-list.ts";
import { isArchive, unpackArchive } from "./archive.ts";
import { planHostImage } from "./host-plan.ts";
import { imageNotFound, notAllowed } from "./image-problems.ts";
import { createLayerStore, isFolder } from "./layer-store.ts";
import { readSettings } from "./settings.ts";
import { writeTree } from "./write-tree.ts";

/** Finds the root filesystems that containers start from. */
export interface Images {
  /**
   * The lower layer that an image stands for: an absolute path that overlayfs takes as it stands. `before` is the layer
   * that the container had until now: what it wrote lies above that one, so it keeps it while it is there.
   * `report` hears how far an archive is that has to be unpacked first. Throws image-not-found, image-not-allowed.
   */
  resolve(image: string, before?: string | null, report?: Report): Promise<string>;
}

/** Images are `host`, made from this machine's programs at first use, and what root's configuration file allows. */
export function createImages({ config, paths, log }: Pick<Context, "config" | "paths" | "log">): Images {
  const hostImages = join(paths.images, "host");
  const hostStore = createLayerStore(hostImages);
  const archiveStore = createLayerStore(paths.layers);
  const isOurs = (layer: string) => [hostImages, paths.layers].includes(dirname(layer));
  let planning: ReturnType<typeof planHostImage> | null = null;

  const resolveHost = async (): Promise<string> => {
    planning ??= planHostImage();
    try {
      const plan = await planning;
      return await hostStore.get(plan.name, async (folder) => {
        const begun = Date.now();
        await writeTree(folder, plan);
        const sizes = [...plan.entries.values()].map((entry) => (entry.kind === "file" ? entry.size : 0));
        const bytes = sizes.reduce((sum, size) => sum + size, 0);
        const { leftOut } = plan;
        log.info({ image: plan.name, bytes, milliseconds: Date.now() - begun, leftOut }, "host image made");
      });
    } catch (error) {
      // The machine may have changed meanwhile: the next one looks again.
      planning = null;
      throw error;
    }
  };

  const resolvePath = async (path: string, report?: Report): Promise<string> => {
    const { images } = await readSettings(config.configFile, notAllowed);
    const { real, allowed } = await permit(
      path,
      images.map((path) => ({ path })),
    );
    if (allowed.length === 0) throw notListed(path, config.configFile);
    const found = real === null ? null : await stat(real).catch(() => null);
    if (real === null || !found) throw imageNotFound(`There is no ${path} on this host.`);
    if (found.isDirectory()) return requireMountable(real);
    if (found.isFile() && isArchive(real)) return unpackArchive(real, archiveStore, report);
    throw imageNotFound(`${real} is neither a folder nor an archive named .tar, .tar.gz, .tgz or .tar.xz.`);
  };

  return {
    async resolve(image, before = null, report) {
      const kept = before !== null && (await isFolder(before)) ? before : null;
      if (kept !== null && isOurs(kept)) return kept;
      if (image === "host") return resolveHost();
      if (!isAbsolute(image)) throw imageNotFound(`'${image}' is neither 'host' nor an absolute path.`);
      return resolvePath(kept ?? image, report);
    },
  };
}

/** Overlayfs separates its layers with ':' and its options with ','; '\' quotes. */
function requireMountable(path: string): string {
  if (!/[:,\\]/.test(path)) return path;
  throw notAllowed(
    "The image's path can't be mounted",
    `${path} contains ':', ',' or '\\', which have a meaning of their own in the options of overlayfs.`,
    "Rename the folder, or bind mount it at another path.",
  );
}

/** Told alike whether there is something or not: who may not use a path does not learn about it. */
function notListed(path: string, configFile: string): ProblemError {
  return notAllowed(
    "The image is not allowed",
    `${path} is not below a folder that ${configFile} lists.`,
    `Root can allow it: write {"images": [${JSON.stringify(dirname(path))}]} into ${configFile}.`,
  );
}
