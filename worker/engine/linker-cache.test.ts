import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readLinkerCache } from "./linker-cache.ts";

const own = "/etc/ld.so.cache";

it.runIf(existsSync(own))("reads this machine's cache", () => {
  const paths = readLinkerCache(readFileSync(own));
  const libc = paths.get("libc.so.6") ?? [];
  expect(libc.length).toBeGreaterThan(0);
  expect(libc.every((path) => existsSync(path))).toBe(true);
});

it.runIf(existsSync(own))("takes from one that is cut off, or says more than it has, what can be read", () => {
  const whole = readFileSync(own);
  for (const length of [0, 20, 48, 100, whole.length / 2]) {
    expect(() => readLinkerCache(whole.subarray(0, length))).not.toThrow();
  }
  const boastful = Buffer.from(whole);
  boastful.writeUInt32LE(0xffff_ffff, 20);
  expect(readLinkerCache(boastful).get("libc.so.6")).toEqual(readLinkerCache(whole).get("libc.so.6"));
});

it("is not kept busy by one that points all of its entries at one text of megabytes", () => {
  const entries = 80_000;
  const cache = Buffer.alloc(4 * 1024 * 1024, "/");
  cache.write("glibc-ld.so.cache1.1");
  cache.writeUInt32LE(entries, 20);
  const texts = 48 + entries * 24;
  for (let index = 0; index < entries; index += 1) {
    cache.writeUInt32LE(texts, 48 + index * 24 + 4);
    cache.writeUInt32LE(texts + 4, 48 + index * 24 + 8);
  }
  expect(readLinkerCache(cache).size).toBe(0);
  cache.write("lib\0", texts);
  cache.write("/lib/a\0", texts + 4);
  expect(readLinkerCache(cache).get("lib")).toEqual(Array(16).fill("/lib/a"));
});

it("takes nothing from another format", () => {
  expect(readLinkerCache(Buffer.from("ld.so-1.7.0".padEnd(100, "\0"))).size).toBe(0);
});
