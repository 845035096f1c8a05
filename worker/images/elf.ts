import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";

/** What a program or library needs to run, as its ELF headers say (elf(5)). */
export interface Elf {
  kind: "elf";
  machine: number;
  /** PT_INTERP: the dynamic linker of a program. */
  interpreter: string | null;
  /** DT_NEEDED, in their order. */
  needed: string[];
  /** DT_RUNPATH, or else DT_RPATH, with $ORIGIN replaced. */
  runpath: string[];
}

/** A file that the kernel executes by giving it to an interpreter: `#!/usr/bin/env bash` has the argument bash. */
export interface Script {
  kind: "script";
  interpreter: string;
  argument: string | null;
}

const segment = { load: 1, dynamic: 2, interpreter: 3 };
const tag = { end: 0, needed: 1, strings: 5, rpath: 15, runpath: 29 };
/** No header, path or dynamic section is longer: a file that says so is damaged. */
const longest = 1024 * 1024;
/** Nothing needs more libraries than these by itself. */
const mostNeeded = 512;

/** Reads what a file needs to be executed. Null for one that is neither a 64-bit ELF file nor a script. */
export async function readExecutable(path: string): Promise<Elf | Script | null> {
  const file = await open(path, "r");
  try {
    return await readOpenExecutable(file, dirname(path));
  } finally {
    await file.close();
  }
}

/** The same of a file that is open; `origin` is the folder that it lies in, for $ORIGIN. */
export async function readOpenExecutable(file: FileHandle, origin: string): Promise<Elf | Script | null> {
  const start = await read(file, 0, 256);
  if (start.subarray(0, 2).toString("latin1") === "#!") return readScript(start);
  const isElf64 = start.subarray(0, 5).toString("latin1") === "\x7fELF\x02" && start.length >= 64;
  return isElf64 ? await readElf(file, start, origin) : null;
}

function readScript(start: Buffer): Script | null {
  const words = /^#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(start.toString("utf8"));
  return words?.[1] ? { kind: "script", interpreter: words[1], argument: words[2] ?? null } : null;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (length > longest) throw new RangeError(`a part of ${length} bytes`);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Integers of an ELF file, in its byte order. */
function integers(buffer: Buffer, little: boolean) {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  return {
    u16: (at: number) => view.getUint16(at, little),
    u32: (at: number) => view.getUint32(at, little),
    u64: (at: number) => Number(view.getBigUint64(at, little)),
  };
}

interface Segment {
  type: number;
  offset: number;
  address: number;
  size: number;
}

async function readElf(file: FileHandle, start: Buffer, origin: string): Promise<Elf> {
  const little = start.readUInt8(5) === 1;
  const header = integers(start, little);
  const [size, count] = [header.u16(54), header.u16(56)];
  const table = integers(await read(file, header.u64(32), size * count), little);
  const segments: Segment[] = Array.from({ length: count }, (_, index) => ({
    type: table.u32(index * size),
    offset: table.u64(index * size + 8),
    address: table.u64(index * size + 16),
    size: table.u64(index * size + 32),
  }));
  const interpreter = segments.find(({ type }) => type === segment.interpreter);
  return {
    kind: "elf",
    machine: header.u16(18),
    interpreter: interpreter ? cString(await read(file, interpreter.offset, interpreter.size), 0) : null,
    ...(await readDynamic(file, segments, little, origin)),
  };
}

async function readDynamic(file: FileHandle, segments: Segment[], little: boolean, origin: string) {
  const dynamic = segments.find(({ type }) => type === segment.dynamic);
  if (!dynamic) return { needed: [], runpath: [] };
  const entries = readEntries(await read(file, dynamic.offset, dynamic.size), little);
  const values = (wanted: number) => entries.filter((entry) => entry.tag === wanted).map(({ value }) => value);
  const address = values(tag.strings)[0] ?? 0;
  const home = segments.find(
    (part) => part.type === segment.load && address >= part.address && address < part.address + part.size,
  );
  if (!home) return { needed: [], runpath: [] };
  const offset = home.offset + address - home.address;
  const text = async (at: number) => cString(await read(file, offset + at, 4096), 0);
  const [path] = [...values(tag.runpath), ...values(tag.rpath)];
  const folders = path === undefined ? [] : (await text(path)).split(":").filter(Boolean);
  return {
    needed: await Promise.all(values(tag.needed).slice(0, mostNeeded).map(text)),
    runpath: folders.map((folder) => folder.replace(/\$ORIGIN|\$\{ORIGIN\}/g, origin)),
  };
}

function readEntries(section: Buffer, little: boolean): { tag: number; value: number }[] {
  const { u64 } = integers(section, little);
  const entries: { tag: number; value: number }[] = [];
  for (let at = 0; at + 16 <= section.length && u64(at) !== tag.end; at += 16) {
    entries.push({ tag: u64(at), value: u64(at + 8) });
  }
  return entries;
}

function cString(buffer: Buffer, start: number): string {
  const end = buffer.indexOf(0, start);
  return buffer.toString("utf8", start, end === -1 ? undefined : end);
}
