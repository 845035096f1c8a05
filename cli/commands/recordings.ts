import type { Command } from "commander";
import { formatCommand } from "../../lib/contract/command.ts";
import type { RecordingInfo } from "../../lib/contract/session.ts";
import { addExamples } from "../examples.ts";
import { formatAge, formatBytes } from "../format.ts";
import { jsonOption } from "../options.ts";
import { type Column, printRows } from "../print-table.ts";
import { targetOf } from "../target.ts";
import { shorten } from "../text.ts";

export function registerRecordings(program: Command): void {
  const command = program
    .command("recordings")
    .summary("list what can be replayed")
    .description("Lists what can be replayed of a container: its own terminal (main), and those of exec.")
    .argument("<name>", "name or id")
    .addOption(jsonOption())
    .action(async (name: string, options: { json?: boolean }, command: Command) => {
      const { items } = await targetOf(command).client.call("listRecordings", { params: { name } });
      printRows(items, columns, { json: options.json, empty: "Nothing was recorded yet." });
    });
  addExamples(command, "./minirun recordings web");
}

const columns: Column<RecordingInfo>[] = [
  { heading: "RECORDING", cell: ({ id }, style) => style.bold(id) },
  { heading: "MODE", cell: ({ mode }) => mode },
  { heading: "SIZE", right: true, cell: ({ bytes }) => formatBytes(bytes) },
  { heading: "AGE", right: true, cell: ({ startedAt }) => formatAge(startedAt) },
  { heading: "ENDED", cell: ({ endedAt }) => endedAt ?? "goes on" },
  { heading: "COMMAND", cell: ({ command }) => shorten(formatCommand(command), 50) },
];
