import { createReadStream, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import { type CastEvent, CastHeader, parseCastEvent } from "../asciicast.ts";
import { CliError } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { interruption } from "../interruption.ts";
import { readNumber, readSeconds } from "../options.ts";
import { write } from "../output.ts";
import { readLines } from "../read-lines.ts";
import { targetOf } from "../target.ts";
import { createModeTracker } from "../terminal/modes.ts";
import { toWeb } from "../web-streams.ts";

interface ReplayOptions {
  speed: number;
  maxWait: number;
}

export function registerReplay(program: Command): void {
  const command = program
    .command("replay")
    .summary("play a recording in this terminal")
    .description(
      "Plays a recording in this terminal, as it was, until its end or Ctrl-C: an asciicast file, '-' for standard input, or a recording of a container.",
    )
    .argument("<what>", "a file that exists, '-', or a container's name or id")
    .argument("[id]", "the container's recording (recordings lists them)", "main")
    .option("--speed <factor>", "2 is twice as fast", readSpeed, 1)
    .option("--max-wait <seconds>", "the longest pause", readSeconds, 5)
    .action(async (what: string, id: string, options: ReplayOptions, command: Command) => {
      const body =
        fileOf(what) ?? (await targetOf(command).client.open("readRecording", { params: { name: what, id } })).body;
      if (body) await play(body, options, interruption());
    });
  addExamples(command, "./minirun replay --speed 10 --max-wait 0.1 web", "./minirun replay --max-wait 0 web.cast");
}

function readSpeed(text: string): number {
  const value = readNumber(text);
  if (value <= 0) throw new InvalidArgumentError("It must be greater than 0.");
  return value;
}

function fileOf(what: string): ReadableStream<Uint8Array> | null {
  const source = what === "-" ? process.stdin : existsSync(what) ? createReadStream(what) : null;
  return source && toWeb(source);
}

async function play(body: ReadableStream<Uint8Array>, options: ReplayOptions, signal: AbortSignal): Promise<void> {
  const modes = createModeTracker();
  let header: CastHeader | null = null;
  let last = 0;
  try {
    for await (const line of readLines(body)) {
      if (signal.aborted) return;
      if (line.trim() === "") continue;
      if (!header) {
        header = readHeader(line);
        continue;
      }
      const event = parseCastEvent(line);
      if (!event) continue;
      await pause(event, last, options, signal);
      last = event.at;
      if (event.kind !== "o") continue;
      modes.push(Buffer.from(event.text));
      await write(process.stdout, event.text);
    }
  } finally {
    process.stdout.write(modes.reset());
  }
}

function readHeader(line: string): CastHeader {
  const header = CastHeader.safeParse(tryJson(line));
  if (!header.success) {
    throw new CliError("This is no recording: its first line is no header of asciicast, version 2.", {
      remedy: "./minirun recording NAME --output FILE writes one.",
    });
  }
  const { columns, rows } = process.stdout;
  const { width, height } = header.data;
  if (process.stdout.isTTY && (columns < width || rows < height)) {
    console.error(`It was recorded at ${width}x${height}, and this terminal has ${columns}x${rows}.`);
  }
  return header.data;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function pause({ at }: CastEvent, last: number, { speed, maxWait }: ReplayOptions, signal: AbortSignal) {
  const seconds = Math.min((at - last) / speed, maxWait);
  if (seconds > 0) await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
}
