import { chmodSync, closeSync, linkSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testAddon as addon } from "../testing/test-addon.ts";
import { bestShell, findShells, shellsIn } from "./shells.ts";

let folder: string;
let root: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-shells-"));
  for (const name of ["bin", "usr/bin", "etc", "opt"]) mkdirSync(join(folder, name), { recursive: true });
  root = openSync(folder, "r");
});
afterEach(() => {
  closeSync(root);
  rmSync(folder, { recursive: true });
});

function program(path: string, mode = 0o755): void {
  writeFileSync(join(folder, path), path);
  chmodSync(join(folder, path), mode);
}

describe("findShells", () => {
  it("has the best first and sh last, each once", async () => {
    program("bin/sh");
    program("usr/bin/fish");
    program("bin/bash");
    linkSync(join(folder, "bin/bash"), join(folder, "usr/bin/bash"));
    program("opt/xonsh");
    writeFileSync(join(folder, "etc/shells"), "# shells\n/bin/bash\n/opt/xonsh\n/opt/gone\n/bin/false\nrelative\n");
    expect(await findShells(addon, root)).toEqual(["/bin/bash", "/usr/bin/fish", "/opt/xonsh", "/bin/sh"]);
    expect(await bestShell(addon, root)).toBe("/bin/bash");
  });

  it("follows links inside the root alone, and takes nothing that is no program", async () => {
    mkdirSync(join(folder, "bin/zsh"));
    program("bin/ksh", 0o644);
    symlinkSync("/bin/busybox", join(folder, "bin/ash"));
    program("bin/busybox");
    symlinkSync("../../../../../../../../../bin/sh", join(folder, "bin/sh"));
    symlinkSync("/etc/passwd", join(folder, "etc/shells"));
    expect(await findShells(addon, root)).toEqual(["/bin/ash"]);
  });

  it("says so where there is none", async () => {
    await expect(bestShell(addon, root)).rejects.toMatchObject({ problem: { code: "shell-not-found" } });
  });
});

describe("shellsIn", () => {
  it("takes absolute paths of shells, and not endlessly many", () => {
    expect(shellsIn("/bin/a\n #\n/usr/sbin/nologin\nb\n  /bin/c  \n/bin/with space\n")).toEqual(["/bin/a", "/bin/c"]);
    expect(shellsIn("/bin/x\n".repeat(1000))).toHaveLength(64);
  });
});
