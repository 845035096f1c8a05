import { close } from "node:fs";
import type { IdRange } from "../../lib/contract/container.ts";
import type { Addon } from "../addon/addon.ts";
import { hasCode } from "../state/files.ts";
import type { ContainerRecord } from "../state/record.ts";
import type { Mount } from "./mounts.ts";

type Missing = ContainerRecord["status"]["missing"];

/**
 * Gives a bind's files in the container the owners that they have on the host, by an id-mapped mount. Where the kernel
 * has none of the source's file system it is bound all the same: its files then belong to nobody, and `missing` says so.
 */
export async function mapBinds(
  addon: Addon,
  binds: readonly Mount[],
  ids: IdRange | null,
): Promise<{ mounts: Mount[]; missing: Missing }> {
  if (!ids) return { mounts: [...binds], missing: [] };
  const obstacles = await Promise.all(binds.map(({ source }) => whyNot(addon, source, ids)));
  return {
    mounts: binds.map((bind, i) => (obstacles[i] === null ? { ...bind, options: [...bind.options, "idmap"] } : bind)),
    missing: binds.flatMap(({ destination }, i) => {
      const reason = obstacles[i];
      if (reason === null || reason === undefined) return [];
      return [{ feature: `owners in ${destination}`, reason: `${reason}; its files belong to nobody in here` }];
    }),
  };
}

async function whyNot(addon: Addon, source: string, ids: IdRange): Promise<string | null> {
  try {
    close(await addon.openMapped(source, null, ids));
    return null;
  } catch (error) {
    // Neither says that the source is not there: that is for the start to say.
    if (hasCode(error, "EINVAL", "EPERM") && error instanceof Error) return error.message;
    return null;
  }
}
