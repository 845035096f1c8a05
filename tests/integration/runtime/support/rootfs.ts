import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const programs = [
  ..."bash sh cat ls ps head tail sleep stty seq echo env id mkdir mknod readlink stat tty touch wc true false".split(" "),
  ..."kill dd hostname mount umount unshare chown chmod dmesg ip setsid chroot base64 ln".split(" "),
];

const directories = ["etc", "proc", "sys", "dev", "root", "tmp", "usr/bin", "usr/lib", "usr/lib64", "usr/sbin"];
const merged = ["bin", "lib", "lib64", "sbin"];

/** Files that a program needs to be loaded: ldd names them by absolute path. */
function librariesOf(program: string): string[] {
  const text = execFileSync("ldd", [program], { encoding: "utf8" });
  return [...text.matchAll(/(\/\S+) \(0x/g)].flatMap((match) => match[1] ?? []);
}

function install(root: string, file: string): void {
  const target = join(root, file);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(file), target);
}

/** A root filesystem in `root` from this machine's own programs and the libraries that they need. */
export function makeRootfs(root: string): void {
  for (const directory of directories) mkdirSync(join(root, directory), { recursive: true });
  for (const name of merged) symlinkSync(`usr/${name}`, join(root, name));
  for (const name of programs) {
    const program = execFileSync("sh", ["-c", `command -v /usr/bin/${name} || command -v /usr/sbin/${name} || command -v /bin/${name}`], {
      encoding: "utf8",
    }).trim();
    install(root, program);
    for (const library of librariesOf(program)) install(root, library);
  }
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/bash\nuser:x:1000:1000::/:/bin/bash\n");
  writeFileSync(join(root, "etc/group"), "root:x:0:\ntty:x:5:\nuser:x:1000:\n");
}
