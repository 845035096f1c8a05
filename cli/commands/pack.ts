import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { CliError } from "../errors.ts";
import { programRoot } from "../installation.ts";
import { requireRoot } from "../supervisor/prepare.ts";
import { packRelease } from "../supervisor/release.ts";

/** For scripts/deploy.sh: a release as a folder that runs by itself, wherever it is moved on a machine of this kind. */
export function registerPack(program: Command): void {
  program
    .command("pack", { hidden: true })
    .description("copy what runs of this build into a new folder, and print the hash of its contents")
    .argument("<folder>")
    .action((folder: string) => {
      requireRoot("pack", "makes files that root alone may write");
      const target = resolve(folder);
      if (existsSync(target)) throw new CliError(`${target} is there already.`, { remedy: "Name a new folder." });
      console.log(packRelease(programRoot, target));
    });
}
