import { readFileSync } from "node:fs";
import { InvalidArgumentError, Option } from "commander";
import { parseBytes } from "./format.ts";

/** `--json` of a command that prints one value. */
export const jsonOption = () => new Option("--json", "print JSON");

/** `-q` of a command that prints the name of each container that it is done with. */
export const quietOption = () => new Option("-q, --quiet", "print nothing but errors");

/** Bytes: 64m, 1.5g, 4096. */
export function readSize(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === null) throw new InvalidArgumentError("It must be a size such as 64m, 1.5g or 4096.");
  return bytes;
}

export function readNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
  return value;
}

/** A whole number, 0 or more. */
export function readCount(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError("It must be a whole number, 0 or more.");
  return value;
}

/** A number of seconds, 0 or more; fractions are fine. */
export function readSeconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) throw new InvalidArgumentError("It must be a number of seconds.");
  return value;
}

/** Each use of an option adds a value. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** NAME=VALUE, or NAME for this shell's own value; one that this shell lacks is left out, as Docker does. */
export function readVariable(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([^=]+)(?:=([\s\S]*))?$/.exec(text) ?? [];
  if (!name) throw new InvalidArgumentError("It must be NAME=VALUE, or NAME.");
  const passed = value ?? process.env[name];
  return passed === undefined ? before : { ...before, [name]: passed };
}

/** A file of NAME=VALUE or NAME lines; blank lines and those that begin with # are skipped. Quotes are kept as they are. */
export function readEnvFile(path: string, before: Record<string, string> = {}): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new InvalidArgumentError(`${error instanceof Error ? error.message : error}.`);
  }
  const lines = text.split(/\r?\n/).map((line) => line.trimStart());
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .reduce((variables, line) => readVariable(line, variables), before);
}

/** NAME=VALUE; NAME alone has the empty value. */
export function readLabel(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, value = ""] = /^([^=]+)(?:=([\s\S]*))?$/.exec(text) ?? [];
  if (!name) throw new InvalidArgumentError("It must be NAME=VALUE, or NAME.");
  return { ...before, [name]: value };
}

export interface BindOption {
  source: string;
  target: string;
  readOnly: boolean;
}

/** SOURCE:TARGET, with :ro or :rw behind; can be written to unless it ends in :ro, as Docker has it. */
export function readBind(text: string, before: readonly BindOption[] = []): BindOption[] {
  const [, source, target, mode] = /^([^:]+):([^:]+)(?::(ro|rw))?$/.exec(text) ?? [];
  if (!source?.startsWith("/") || !target?.startsWith("/")) {
    throw new InvalidArgumentError("It must be SOURCE:TARGET or SOURCE:TARGET:ro, both absolute paths.");
  }
  return [...before, { source, target, readOnly: mode === "ro" }];
}

/** 'loopback' or 'host'; Docker's 'none' is the same as 'loopback'. */
export function readNetwork(text: string): "loopback" | "host" {
  if (text === "loopback" || text === "none") return "loopback";
  if (text === "host") return "host";
  throw new InvalidArgumentError("It must be 'loopback' (a network of its own with lo alone) or 'host'.");
}
