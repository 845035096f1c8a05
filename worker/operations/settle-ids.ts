import { close } from "node:fs";
import { chown } from "node:fs/promises";
import { join } from "node:path";
import type { IdRange } from "../../lib/contract/container.ts";
import { fail } from "../../lib/contract/problem.ts";
import type { Context } from "../context.ts";
import { type Layers, openLayers } from "../engine/host-files.ts";
import type { ContainerRecord } from "../state/record.ts";

type Ids = Pick<ContainerRecord, "idRange" | "idRangeMissing">;

/**
 * The ids that a new container gets, for good: a range of its own, which its upper layer's root then belongs to, or the
 * host's. Whether this kernel can show the image with other owners is found out by doing it.
 * Throws user-namespace-unavailable when it can't and that was asked for.
 */
export async function settleIds(context: Context, record: ContainerRecord, layers: Omit<Layers, "ids">): Promise<Ids> {
  const wanted = record.spec.userNamespace;
  if (wanted === "host") return { idRange: null, idRangeMissing: null };
  const range = await context.idRanges.take(record.id);
  const missing = range ? await whyNot(context, { ...layers, ids: range }) : "every range of ids is some container's";
  if (range && missing === null) return { idRange: range, idRangeMissing: null };
  context.idRanges.release(record.id);
  if (wanted === "own") {
    throw fail("user-namespace-unavailable", "There can be no user namespace", `${missing}.`, {
      remedy: "Ask for the host's (userNamespace: host), or use an image on ext4, xfs, btrfs or tmpfs and Linux 5.19.",
    });
  }
  await giveUpper(layers.folder, null);
  return { idRange: null, idRangeMissing: missing };
}

/** Gives the upper layer to root as the container has it: overlayfs shows its root's owner as that of /. */
function giveUpper(folder: string, ids: IdRange | null): Promise<void> {
  return chown(join(folder, "upper"), ids?.start ?? 0, ids?.start ?? 0);
}

/** Null when the layers can be had with these ids. */
async function whyNot({ addon }: Context, layers: Layers): Promise<string | null> {
  await giveUpper(layers.folder, layers.ids);
  try {
    close(await openLayers(addon, layers, "read"));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
