import { type Command, Option } from "commander";
import { readConfig } from "../../lib/config.ts";
import { makeBackup, type Running } from "../backup/make-backup.ts";
import { untilInterrupted } from "../backup/until-interrupted.ts";
import { addExamples } from "../examples.ts";
import { formatBytes } from "../format.ts";
import { styleFor } from "../style.ts";
import { requireRoot } from "../supervisor/prepare.ts";
import { harmless } from "../text.ts";

interface BackupCommandOptions {
  running: Running;
  withoutImages?: boolean;
}

export function registerBackup(program: Command): void {
  const command = program
    .command("backup")
    .summary("write database, containers and their files into one file")
    .description(
      "Writes this machine's MiniRun into one file, whether it runs or not: the database, containers with what they have written, images, tokens. The file holds secrets, and root alone can read it. A container that runs stands still while its own files are read, unless --running says otherwise.",
    )
    .argument("<file>", "a file that does not exist yet")
    .addOption(
      new Option(
        "--running <how>",
        "containers that run: freeze while they are read, copy as they run, or skip their files",
      )
        .choices(["freeze", "copy", "skip"])
        .default("freeze"),
    )
    .option("--without-images", "leave out images, which are made again from where they came")
    .action((file: string, { running, withoutImages = false }: BackupCommandOptions) => {
      requireRoot("backup", "reads what only root may");
      return untilInterrupted(async (signal) => {
        const style = styleFor(process.stderr);
        const warn = (line: string) => console.error(style.yellow(harmless(line)));
        const { size, containers } = await makeBackup(readConfig(), file, { running, withoutImages, signal, warn });
        const count = containers.length === 1 ? "1 container" : `${containers.length} containers`;
        console.log(
          `${file} holds ${count}, ${formatBytes(size)}. It holds secrets, too: keep it where you keep those.`,
        );
      });
    });
  addExamples(command, "./minirun backup minirun.backup", "./minirun backup --running copy hot.backup");
}
