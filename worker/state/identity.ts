import { readFileSync } from "node:fs";

/** The kernel's id of this boot: with it, a pid and its start time name one process for ever. */
export function readBootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
