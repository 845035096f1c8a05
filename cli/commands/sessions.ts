import type { Command } from "commander";
import { formatCommand } from "../../lib/contract/command.ts";
import type { SessionInfo } from "../../lib/contract/session.ts";
import { addExamples } from "../examples.ts";
import { formatAge } from "../format.ts";
import { collect, jsonOption } from "../options.ts";
import { type Column, printRows } from "../print-table.ts";
import { targetOf } from "../target.ts";
import { harmless, shorten } from "../text.ts";

export function registerSessions(program: Command): void {
  const command = program
    .command("sessions")
    .summary("list the terminals of a container")
    .description("Lists the terminal sessions of a container: those attached to it, and the commands of exec.")
    .argument("<name>", "name or id")
    .option("--end <id>", "end this session first, and the command of exec with it", collect)
    .addOption(jsonOption())
    .action(async (name: string, options: { end?: string[]; json?: boolean }, command: Command) => {
      const { client } = targetOf(command);
      for (const id of options.end ?? []) await client.call("deleteSession", { params: { id } });
      const { items } = await client.call("listSessions", { params: { name } });
      printRows(items, columns, { json: options.json, empty: "No sessions." });
    });
  addExamples(command, "./minirun sessions web", "./minirun sessions --json web");
}

const columns: Column<SessionInfo>[] = [
  { heading: "SESSION", cell: ({ sessionId }) => sessionId },
  { heading: "MODE", cell: ({ mode }) => mode },
  {
    heading: "STATE",
    cell: ({ state, exitCode }, style) => (state === "running" ? style.green(state) : `ended (${exitCode ?? "-"})`),
  },
  { heading: "TERMINAL", cell: ({ tty }) => (tty ? "yes" : "no, pipes") },
  { heading: "SHARED", cell: ({ shared }, style) => (shared ? style.yellow("yes") : "no") },
  { heading: "BY", cell: ({ principal }) => harmless(principal) },
  { heading: "AGE", right: true, cell: ({ createdAt }) => formatAge(createdAt) },
  { heading: "COMMAND", cell: ({ command }) => shorten(formatCommand(command), 50) },
];
