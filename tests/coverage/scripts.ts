import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { AnyMap, decodedMappings, type TraceMap } from "@jridgewell/trace-mapping";

/** As V8 tells it: the first range of a function is all of it, those after it are blocks within those before. */
export interface FunctionCoverage {
  ranges: { startOffset: number; endOffset: number; count: number }[];
}

/** A script, and which of its characters have run in any process. */
export class Script {
  readonly #code: string;
  readonly #ran: Uint8Array;

  /** `file` is what the source map's paths are relative to, where that is another one. */
  constructor(
    readonly path: string,
    readonly file = path,
  ) {
    this.#code = readFileSync(path, "utf8");
    this.#ran = new Uint8Array(this.#code.length);
  }

  /** Adds what one process has run; its offsets count from `shift`. */
  add(functions: readonly FunctionCoverage[], shift = 0): void {
    const ran = new Uint8Array(this.#ran.length);
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        ran.fill(count > 0 ? 1 : 0, Math.max(0, startOffset - shift), Math.max(0, endOffset - shift));
      }
    }
    for (let at = 0; at < ran.length; at++) this.#ran[at] = (this.#ran[at] ?? 0) | (ran[at] ?? 0);
  }

  /** Tells each place of a source, its line from 1, that has run. Without a source map the script is its own source. */
  forEachPlace(tell: (source: string, line: number) => void): void {
    const map = this.#readMap();
    let start = 0;
    for (const [index, line] of this.#code.split("\n").entries()) {
      if (!map) {
        if (this.#ran.subarray(start, start + line.length).includes(1)) tell(this.path, index + 1);
      } else {
        for (const segment of decodedMappings(map)[index] ?? []) {
          if (segment.length === 1 || !this.#ran[start + segment[0]]) continue;
          const source = map.sources[segment[1]];
          if (source) tell(resolveSource(this.file, source), segment[2] + 1);
        }
      }
      start += line.length + 1;
    }
  }

  #readMap(): TraceMap | null {
    const mark = "sourceMappingURL=";
    const at = this.#code.lastIndexOf(`# ${mark}`);
    if (at < 0) return null;
    const url = this.#code.slice(at + mark.length + 2).split(/\s/, 1)[0] ?? "";
    const inline = /^data:application\/json;(?:charset=utf-8;)?base64,(.*)$/.exec(url)?.[1];
    const json = inline
      ? Buffer.from(inline, "base64").toString()
      : readFileSync(resolve(dirname(this.path), decodeURIComponent(url)), "utf8");
    return new AnyMap(json);
  }
}

/** Sources are URLs: Turbopack's have [name] as %5Bname%5D. */
function resolveSource(script: string, source: string): string {
  const path = decodeURIComponent(source.replace(/^file:\/\//, ""));
  const ofTurbopack = /^turbopack:\/\/\/\[project\]\/(.*)$/.exec(path)?.[1];
  return ofTurbopack ?? resolve(dirname(script), path);
}
