import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readExecutable } from "./elf.ts";
import { createLibrarySearch } from "./libraries.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-elf-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A 64-bit ELF file with one segment that is loaded, and a dynamic section, as elf(5) lays them out. */
function makeElf(little: boolean): Buffer {
  const file = Buffer.alloc(1024);
  const u16 = (at: number, value: number) => (little ? file.writeUInt16LE(value, at) : file.writeUInt16BE(value, at));
  const u32 = (at: number, value: number) => (little ? file.writeUInt32LE(value, at) : file.writeUInt32BE(value, at));
  const u64 = (at: number, value: number) => {
    if (little) file.writeBigUInt64LE(BigInt(value), at);
    else file.writeBigUInt64BE(BigInt(value), at);
  };
  file.write("\x7fELF\x02", 0, "latin1");
  file.writeUInt8(little ? 1 : 2, 5);
  u16(18, 22);
  u64(32, 64);
  u16(54, 56);
  u16(56, 3);
  const segments = [
    { type: 1, offset: 0, address: 0x400000, size: 1024 },
    { type: 2, offset: 400, address: 0x400000 + 400, size: 112 },
    { type: 3, offset: 300, address: 0x400000 + 300, size: 8 },
  ];
  segments.forEach(({ type, offset, address, size }, index) => {
    const at = 64 + 56 * index;
    u32(at, type);
    for (const [field, value] of [offset, address, 0, size].entries()) u64(at + 8 + 8 * field, value);
  });
  file.write("/ld.so\0", 300, "latin1");
  file.write("\0liba.so\0libb.so\0$ORIGIN/../x:/opt\0", 600, "latin1");
  [1, 1, 1, 9, 29, 17, 5, 0x400000 + 600, 0, 0].forEach((value, index) => {
    u64(400 + 8 * index, value);
  });
  return file;
}

describe("readExecutable", () => {
  it.each([true, false])("reads interpreter, libraries and search path (little endian: %s)", async (little) => {
    const path = join(folder, "program");
    await writeFile(path, makeElf(little));
    expect(await readExecutable(path)).toEqual({
      kind: "elf",
      machine: 22,
      interpreter: "/ld.so",
      needed: ["liba.so", "libb.so"],
      runpath: [`${folder}/../x`, "/opt"],
    });
  });

  it.each([
    ["#!/bin/sh -e\n", { kind: "script", interpreter: "/bin/sh", argument: "-e" }],
    ["#! /usr/bin/env bash\n", { kind: "script", interpreter: "/usr/bin/env", argument: "bash" }],
    ["plain text", null],
    ["\x7fELF\x01 32 bits", null],
    ["", null],
  ])("reads what begins with %j", async (text, expected) => {
    const path = join(folder, "file");
    await writeFile(path, text, "latin1");
    expect(await readExecutable(path)).toEqual(expected);
  });

  it("refuses an ELF file that is damaged", async () => {
    const path = join(folder, "damaged");
    await writeFile(path, makeElf(true).subarray(0, 100));
    await expect(readExecutable(path)).rejects.toThrow(RangeError);
  });
});

describe("createLibrarySearch", () => {
  it("finds the libraries of a program of this machine, and none for another machine", async () => {
    const find = await createLibrarySearch();
    const node = await readExecutable(process.execPath);
    if (node?.kind !== "elf") throw new Error("this Node is no ELF file");
    const [name = ""] = node.needed;
    expect(await find(name, node)).toMatch(/^\/.*\.so/);
    expect(await find(name, { ...node, machine: 1 })).toBeNull();
    expect(await find("libthat-is-nowhere.so.1", node)).toBeNull();
  });
});
