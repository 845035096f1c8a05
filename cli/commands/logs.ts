import { type Command, Option } from "commander";
import type { Client } from "../../lib/client/api.ts";
import { type LogQuery, LogRecord, type MergedLogQuery } from "../../lib/contract/log.ts";
import { defined } from "../container-options.ts";
import { addExamples } from "../examples.ts";
import { followLog, followMergedLog } from "../follow-log.ts";
import { printMerged, printPieces } from "../log-printer.ts";
import { readCount } from "../options.ts";
import { printJsonLine, write } from "../output.ts";
import { readLines } from "../read-lines.ts";
import { styleFor } from "../style.ts";
import { targetOf } from "../target.ts";

interface LogsOptions {
  follow?: boolean;
  tail?: number;
  since?: string;
  until?: string;
  grep?: string;
  ignoreCase?: boolean;
  timestamps?: boolean;
  stream?: "stdout" | "stderr";
  json?: boolean;
}

export function registerLogs(program: Command): void {
  const command = program
    .command("logs")
    .summary("print the output of containers")
    .description(
      "Prints what a container has written, from all its runs that the log still holds; of several containers in order of time, each line behind its container's name.",
    )
    .argument("<name...>", "names or ids")
    .option("-f, --follow", "go on until the container ends or Ctrl-C, over connections that break")
    .option("-n, --tail <lines>", "only the last lines", readCount)
    .option("--since <time>", "only what came after: 2026-01-31T12:00:00Z, or 90s, 10m, 2h, 3d ago")
    .option("--until <time>", "only what came before")
    .option("--grep <expression>", "only lines in which this regular expression (JavaScript's) is found")
    .option("-i, --ignore-case", "of --grep: take A for a")
    .option("-t, --timestamps", "the time in front of each line")
    .addOption(
      new Option("--stream <stream>", "only this stream, of a container without a terminal").choices([
        "stdout",
        "stderr",
      ]),
    )
    .option("--json", "print a JSON object a line: offset, time, stream, text")
    .action(async (names: string[], options: LogsOptions, command: Command) => {
      const { client } = targetOf(command);
      const [name = "", ...others] = names;
      if (others.length > 0) await printSeveral(client, names, options);
      else await printOne(client, name, options);
    });
  addExamples(
    command,
    "./minirun logs web",
    "./minirun logs -f --tail 20 --timestamps job",
    "./minirun logs --since 10m --grep 'error|warning' --ignore-case web job",
    "./minirun logs --json job",
  );
}

const queryOf = ({ tail, since, until, grep, ignoreCase, stream }: LogsOptions) =>
  defined({ tail, since, until, grep, ignoreCase, stream });

async function printOne(client: Client, name: string, options: LogsOptions): Promise<void> {
  const { follow, json, timestamps = false } = options;
  const query: Partial<LogQuery> = queryOf(options);
  if (follow) {
    const printer = printPieces(process, timestamps);
    for await (const record of followLog(client, name, query)) {
      await (json ? printJsonLine(record) : printer.print(record));
    }
  } else if (json) {
    await copyToStdout(await client.open("readLogs", { params: { name }, query, accept: "application/x-ndjson" }));
  } else {
    await copyToStdout(
      await client.open("readLogs", { params: { name }, query: { ...query, timestamps }, accept: "text/plain" }),
    );
  }
}

async function printSeveral(client: Client, names: string[], options: LogsOptions): Promise<void> {
  const { follow = false, json, timestamps = false } = options;
  const query = { ...queryOf(options), containers: names };
  const records = follow ? followMergedLog(client, query) : readMergedLog(client, query);
  const printer = printMerged(process, names, { timestamps, style: styleFor(process.stdout) });
  for await (const record of records) {
    await (json ? printJsonLine(record) : printer.print(record));
  }
  await printer.end();
}

async function* readMergedLog(client: Client, query: Partial<MergedLogQuery>): AsyncGenerator<LogRecord> {
  const response = await client.open("readMergedLogs", { query, accept: "application/x-ndjson" });
  if (!response.body) return;
  for await (const line of readLines(response.body)) yield LogRecord.parse(JSON.parse(line));
}

async function copyToStdout(response: Response): Promise<void> {
  if (response.body) for await (const chunk of response.body) await write(process.stdout, chunk);
}
