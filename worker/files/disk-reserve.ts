import { statfs } from "node:fs/promises";
import { fail } from "../../lib/contract/problem.ts";
import { descriptorPath } from "./places.ts";

const MiB = 1024 * 1024;
const leastReserveBytes = 512 * MiB;
const reservedPart = 0.02;
const checkEveryBytes = 16 * MiB;
/** f_type of tmpfs, statfs(2): it has a size of its own and fills no disk. */
const tmpfs = 0x01021994;

/** Bytes that may still be written, so that what must stay free for the machine stays free: 512 MiB, or 2 %. */
async function spareBytes(fd: number): Promise<number> {
  const { type, bsize, blocks, bavail } = await statfs(descriptorPath(fd));
  const reserve = type === tmpfs ? 0 : Math.max(leastReserveBytes, blocks * bsize * reservedPart);
  return bavail * bsize - reserve;
}

/**
 * Watches over what is written to the file system of a descriptor: call it with the length of each piece before that
 * is written. Throws disk-full when the reserve would be touched.
 */
export function guardDisk(fd: number): (bytes: number) => Promise<void> {
  let allowance = 0;
  return async (bytes) => {
    allowance -= bytes;
    if (allowance >= 0) return;
    const spare = await spareBytes(fd);
    if (spare < bytes) {
      throw fail("disk-full", "The disk is full", `Only ${Math.max(0, Math.floor(spare / MiB))} MiB can be written.`, {
        remedy: "Free some space on the machine: MiniRun keeps 512 MiB or 2 % of the disk free.",
      });
    }
    allowance = Math.min(checkEveryBytes, spare - bytes);
  };
}
