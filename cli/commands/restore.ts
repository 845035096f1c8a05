import type { Command } from "commander";
import { readConfig } from "../../lib/config.ts";
import { restoreBackup } from "../backup/restore-backup.ts";
import { untilInterrupted } from "../backup/until-interrupted.ts";
import { addExamples } from "../examples.ts";
import { requireRoot } from "../supervisor/prepare.ts";

export function registerRestore(program: Command): void {
  const command = program
    .command("restore")
    .summary("put what a backup holds in place")
    .description(
      "Puts what `minirun backup` has written in place: database, containers with their files, images, tokens. MiniRun must have stopped. All is checked and built beside what is there, and changes places with it at the end. Containers that ran when the backup was made are as after a power cut.",
    )
    .argument("<file>", "what `minirun backup` has written")
    .option("-f, --force", "replace what a MiniRun that has run here holds")
    .action((file: string, { force = false }: { force?: boolean }) => {
      requireRoot("restore", "writes what only root may");
      return untilInterrupted(async (signal) => {
        const { containers, createdAt } = await restoreBackup(readConfig(), file, { force, signal });
        const count = containers.length === 1 ? "1 container is" : `${containers.length} containers are`;
        console.log(`${count} as on ${createdAt}. ./minirun up starts MiniRun.`);
      });
    });
  addExamples(command, "./minirun restore --force minirun.backup");
}
