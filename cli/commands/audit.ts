import { pipeline } from "node:stream/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type AuditEntry, AuditResult } from "../../lib/contract/audit.ts";
import { defined } from "../container-options.ts";
import { CliError, ExitCode } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { formatAge } from "../format.ts";
import { readCount } from "../options.ts";
import { type Column, printRows } from "../print-table.ts";
import { targetOf } from "../target.ts";
import { harmless, shorten } from "../text.ts";

interface AuditOptions {
  since?: string;
  until?: string;
  who?: string;
  what?: string;
  result?: AuditResult;
  text?: string;
  last: number;
  json?: boolean;
  csv?: boolean;
}

export function registerAudit(program: Command): void {
  const command = program
    .command("audit")
    .summary("list who did what, from where, and what became of it")
    .description(
      "Lists every change and every attempt to sign in, the newest first. --json and --csv print all that match; in CSV no cell is a formula. For administrators.",
    )
    .option("--since <time>", "from then on: 90m, 2h, 7d, or a moment such as 2026-11-29T08:00:00Z", readMoment)
    .option("--until <time>", "before then", readMoment)
    .option("--who <name>", "only of this principal, by id or name")
    .option("--what <action>", "only actions that begin like this: start, 'POST /sign-in'")
    .addOption(new Option("--result <result>", "only those").choices(AuditResult.options))
    .option("--text <words>", "only entries that have these words anywhere")
    .option("-n, --last <number>", "at most this many, up to 500", readCount, 50)
    .addOption(new Option("--json", "print JSON, an entry a line").conflicts("csv"))
    .option("--csv", "print comma-separated values")
    .action(async (options: AuditOptions, command: Command) => {
      const { client } = targetOf(command);
      const { since: from, until: to, who, what, result, text, last: limit, json, csv } = options;
      const filter = defined({ from, to, who, what, result, text });
      if (!json && !csv) {
        const { items } = await client.call("listAudit", { query: { ...filter, limit } });
        return printRows(items, columns, { json: false, empty: "No entries." });
      }
      const answer = await client.open("exportAudit", { query: { ...filter, format: csv ? "csv" : "jsonl" } });
      if (!answer.body) throw new CliError("The answer is empty.", { exitCode: ExitCode.failure });
      await pipeline(answer.body, process.stdout, { end: false });
    });
  addExamples(
    command,
    "./minirun audit --since 1d --result refused",
    "./minirun audit --who operator --what start --json",
    "./minirun audit --csv > audit.csv",
  );
}

const columns: Column<AuditEntry>[] = [
  { heading: "AGE", right: true, cell: ({ at }) => formatAge(at) },
  { heading: "WHO", cell: ({ principal, name }) => harmless(name ?? principal ?? "-") },
  { heading: "BY", cell: ({ credential }) => harmless(credential?.kind ?? "-") },
  { heading: "FROM", cell: ({ remote }) => harmless(remote ?? "-") },
  { heading: "WHAT", cell: ({ action }) => harmless(action) },
  { heading: "TARGET", cell: ({ target }) => shorten(harmless(target ?? "-"), 40) },
  { heading: "RESULT", cell: ({ result }, style) => (result === "succeeded" ? style.green : style.red)(result) },
  { heading: "WHY", cell: ({ code }) => code ?? "" },
];

const seconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A moment, or how long ago it was, as a moment. */
function readMoment(text: string): string {
  const [, amount, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const moment = amount ? Date.now() - Number(amount) * (seconds[unit] ?? 0) * 1000 : Date.parse(text);
  if (Number.isNaN(moment))
    throw new InvalidArgumentError("It must be a time ago such as 2h, or a moment such as 2026-11-29T08:00:00Z.");
  return new Date(moment).toISOString();
}
