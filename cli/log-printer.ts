import type { LogRecord } from "../lib/contract/log.ts";
import { write } from "./output.ts";
import type { Style } from "./style.ts";

/** A line that is not ended yet is printed all the same when it gets this long. */
const longestPiece = 64 * 1024;

export interface LogPrinter {
  print(record: LogRecord): Promise<void>;
  /** Prints what was held back: a last line without its end. */
  end(): Promise<void>;
}

interface Outputs {
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

/** Prints the output of one container as it comes; standard error goes to standard error. */
export function printPieces(outputs: Outputs, timestamps: boolean): LogPrinter {
  const startsLine = { stdout: true, stderr: true };
  return {
    async print({ time, stream, text }) {
      const stamp = timestamps && startsLine[stream] ? `${time} ` : "";
      startsLine[stream] = text.endsWith("\n");
      await write(outputs[stream], stamp + text);
    },
    async end() {},
  };
}

/** Prints the output of several containers line by line, each behind its container's name in a colour of its own. */
export function printMerged(
  outputs: Outputs,
  names: readonly string[],
  { timestamps, style }: { timestamps: boolean; style: Style },
): LogPrinter {
  const paints = [style.cyan, style.green, style.yellow, style.magenta, style.blue];
  const width = Math.max(...names.map((name) => name.length));
  const prefixes = new Map<string, string>();
  const pieces = new Map<string, string>();
  const prefixOf = (name: string) => {
    const paint = paints[prefixes.size % paints.length] ?? ((text: string) => text);
    const prefix = prefixes.get(name) ?? paint(`${name.padEnd(width)} | `);
    prefixes.set(name, prefix);
    return prefix;
  };
  return {
    async print({ container = "", time, stream, text }) {
      const key = `${stream} ${container}`;
      const line = (pieces.get(key) ?? `${prefixOf(container)}${timestamps ? `${time} ` : ""}`) + text;
      if (text.endsWith("\n") || line.length > longestPiece) {
        pieces.delete(key);
        await write(outputs[stream], line.endsWith("\n") ? line : `${line}\n`);
      } else pieces.set(key, line);
    },
    async end() {
      for (const [key, line] of pieces)
        await write(outputs[key.startsWith("stderr") ? "stderr" : "stdout"], `${line}\n`);
    },
  };
}
