import { once } from "node:events";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Client } from "../../lib/client/api.ts";
import { readServerSentEvents } from "../../lib/client/server-sent-events.ts";
import { type LogQuery, LogRecord } from "../../lib/contract/log.ts";
import { targetOf } from "../target.ts";

interface LogsOptions {
  follow?: boolean;
  tail?: number;
  timestamps?: boolean;
  stream?: "stdout" | "stderr";
  json?: boolean;
}

export function registerLogs(program: Command): void {
  program
    .command("logs")
    .summary("print a container's output")
    .description("Prints what a container has written, from all its runs that the log still holds.")
    .argument("<name>", "name or id")
    .option("-f, --follow", "go on until the container ends or Ctrl-C")
    .option("-n, --tail <lines>", "only the last lines", readCount)
    .option("-t, --timestamps", "the time in front of each line")
    .addOption(
      new Option("--stream <stream>", "only this stream, of a container without a terminal").choices([
        "stdout",
        "stderr",
      ]),
    )
    .option("--json", "follow, and print a JSON object a line for each piece of output: offset, time, stream, text")
    .addHelpText("after", "\nExamples:\n  ./minirun logs web\n  ./minirun logs -f --tail 20 --timestamps web")
    .action(async (name: string, options: LogsOptions, command: Command) => {
      const { client } = targetOf(command);
      const { follow = false, tail, timestamps = false, stream } = options;
      const query = { tail, timestamps, stream };
      if (options.json) await printRecords(client, name, query);
      else if (follow) await followText(client, name, query);
      else await pipeToStdout(await client.open("readLogs", { params: { name }, query }));
    });
}

async function pipeToStdout(response: Response): Promise<void> {
  if (response.body) for await (const chunk of response.body) await write(process.stdout, chunk);
}

/** Standard error of a container without a terminal goes to standard error here too. */
async function followText(client: Client, name: string, query: Partial<LogQuery>): Promise<void> {
  const startOfLine = { stdout: true, stderr: true };
  for await (const { time, stream, text } of followLog(client, name, query)) {
    await write(
      stream === "stderr" ? process.stderr : process.stdout,
      query.timestamps ? stamped(time, text, startOfLine[stream]) : text,
    );
    startOfLine[stream] = text.endsWith("\n");
  }
}

/** The time in front of each line that begins in this piece. */
function stamped(time: string, text: string, startsLine: boolean): string {
  const marked = text.replace(/\n(?=[\s\S])/g, `\n${time} `);
  return startsLine ? `${time} ${marked}` : marked;
}

async function printRecords(client: Client, name: string, query: Partial<LogQuery>): Promise<void> {
  for await (const record of followLog(client, name, query)) await write(process.stdout, `${JSON.stringify(record)}\n`);
}

/** The pieces of a container's output, as they come, until it ends. */
export async function* followLog(client: Client, name: string, query: Partial<LogQuery>): AsyncGenerator<LogRecord> {
  const response = await client.open("readLogs", { params: { name }, query: { ...query, follow: true } });
  if (!response.body) return;
  for await (const { event, data } of readServerSentEvents(response.body)) {
    if (event === "end") return;
    yield LogRecord.parse(JSON.parse(data));
  }
}

async function write(stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<void> {
  if (!stream.write(data)) await once(stream, "drain");
}

function readCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("It must be a number of lines.");
  return value;
}
