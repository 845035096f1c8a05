import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const runtime = fileURLToPath(new URL("../../../native/build/Release/minirun-oci", import.meta.url));

/** The control group, and containerd's namespace, of all that these tests make. */
export const group = `minirun-test-peers-${process.pid}`;

/** In memory: run.sh has mounted a tmpfs there. */
export const home = "/run/minirun-test-peers";

export interface Called {
  code: number;
  stdout: string;
  stderr: string;
}

export function call(
  file: string,
  args: string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Called {
  const { status, stdout, stderr } = spawnSync(file, args, {
    encoding: "utf8",
    timeout: 60_000,
    input: options.input ?? "",
    env: { ...process.env, ...options.env },
  });
  return { code: status ?? -1, stdout, stderr };
}

/** The same on a terminal, which script(1) makes. */
export function callOnTerminal(file: string, args: string[], env: Record<string, string> = {}): Called {
  const line = [file, ...args].map((word) => `'${word}'`).join(" ");
  return call("script", ["--quiet", "--return", "--command", line, "/dev/null"], { env });
}

/** A root filesystem with a static busybox. */
export function makeRootfs(folder: string): void {
  mkdirSync(join(folder, "bin"), { recursive: true });
  mkdirSync(join(folder, "etc"));
  const { stdout } = call("which", ["busybox"]);
  copyFileSync(stdout.trim(), join(folder, "bin/busybox"));
  for (const name of ["sh", "cat", "echo", "id", "ls", "sleep", "true", "tty"])
    symlinkSync("busybox", join(folder, "bin", name));
}

/** Removes the control groups that a manager leaves, empty, above those of its containers. */
export function removeGroups(): void {
  call("sh", ["-c", `find /sys/fs/cgroup -depth -type d -path '*/${group}*' -exec rmdir {} + 2>/dev/null; true`]);
}
