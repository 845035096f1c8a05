import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const programs = `
  bash base64 cat chmod chown chroot dd dmesg echo env false head hostname id ip kill ln ls mkdir mknod mount ps readlink
  seq setsid sh sleep stat stty tail touch true tty umount unshare wc`
  .trim()
  .split(/\s+/);

const directories = ["etc", "proc", "sys", "dev", "root", "tmp", "usr/bin", "usr/lib", "usr/lib64", "usr/sbin"];
const merged = ["bin", "lib", "lib64", "sbin"];

/** Where the programs are on this machine. */
function locate(names: string[]): string[] {
  return execFileSync("which", names, { encoding: "utf8" }).trim().split("\n");
}

/** Files that programs need to be loaded: ldd names them by absolute path. Asked once: it is a slow script. */
function librariesOf(files: string[]): string[] {
  const text = execFileSync("ldd", files, { encoding: "utf8" });
  return [...new Set([...text.matchAll(/(\/\S+) \(0x/g)].flatMap((match) => match[1] ?? []))];
}

function install(root: string, file: string): void {
  const target = join(root, file);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(file), target);
}

/**
 * A root filesystem in `root` from this machine's own programs and the libraries that they need, or a copy of the one
 * that RUNTIME_TEST_ROOTFS names.
 */
export function makeRootfs(root: string): void {
  const ready = process.env.RUNTIME_TEST_ROOTFS;
  if (ready) {
    execFileSync("cp", ["-a", ready, root]);
    return;
  }
  for (const directory of directories) mkdirSync(join(root, directory), { recursive: true });
  for (const name of merged) symlinkSync(`usr/${name}`, join(root, name));
  const files = locate(programs);
  for (const file of [...files, ...librariesOf(files)]) install(root, file);
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/bash\nuser:x:1000:1000::/:/bin/bash\n");
  writeFileSync(join(root, "etc/group"), "root:x:0:\ntty:x:5:\nuser:x:1000:\n");
}
