import { readFileSync } from "node:fs";

/** This process's hard limit of open files: without CAP_SYS_RESOURCE no container can have more. */
export function readMaxOpenFiles(limits = readFileSync("/proc/self/limits", "utf8")): number {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1];
  return hard === undefined || hard === "unlimited" ? 1_048_576 : Number(hard);
}
