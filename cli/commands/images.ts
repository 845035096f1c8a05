import type { Command } from "commander";
import type { ImageInfo } from "../../lib/contract/image.ts";
import { addExamples } from "../examples.ts";
import { formatAge, formatBytes } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type Column, printRows } from "../print-table.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";

export function registerImages(program: Command): void {
  const command = program
    .command("images")
    .summary("list what containers can be made from")
    .description(
      "Lists the images, and the host paths at or below which binds may begin, as root's configuration allows.",
    )
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }, command: Command) => {
      const images = await targetOf(command).client.call("listImages");
      if (options.json) return printJson(images);
      printRows(images.items, columns, { json: false, empty: "No images." });
      for (const { path, readOnly } of images.binds) {
        console.log(`binds may begin at ${harmless(path)}${readOnly ? ", read-only" : ""}`);
      }
    });
  addExamples(command, "./minirun images", "./minirun images --json");
}

const columns: Column<ImageInfo>[] = [
  { heading: "IMAGE", cell: ({ name }, style) => style.bold(harmless(name)) },
  { heading: "KIND", cell: ({ kind }) => kind },
  { heading: "SIZE", right: true, cell: ({ sizeBytes }) => (sizeBytes === null ? "-" : formatBytes(sizeBytes)) },
  { heading: "CHANGED", right: true, cell: ({ modifiedAt }) => formatAge(modifiedAt) },
];
