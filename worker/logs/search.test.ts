import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogQuery } from "../../lib/contract/log.ts";
import { createMatcher, type Matcher } from "./matcher.ts";
import { showLog } from "./show-log.ts";
import { createLogWriter } from "./testing/write-log.ts";

let folder: string;
let log: ReturnType<typeof createLogWriter>;
let matcher: Matcher | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-search-"));
  log = createLogWriter(folder);
});
afterEach(async () => {
  matcher?.close();
  await rm(folder, { recursive: true });
});

const start = (pattern: string, options: { ignoreCase?: boolean; endless?: boolean } = {}) => {
  matcher = createMatcher(pattern, { ignoreCase: false, endless: false, ...options });
  return matcher;
};

async function search(pattern: string, range: Partial<Pick<LogQuery, "tail" | "before" | "after">> = {}) {
  const signal = new AbortController().signal;
  const source = { folder, isRunning: () => false };
  const found: string[] = [];
  for await (const lines of showLog(source, { range, follow: false, matcher: start(pattern), signal })) {
    found.push(...lines.map(({ bytes }) => bytes.toString()));
  }
  matcher?.close();
  return found;
}

describe("createMatcher", () => {
  it("tells every place, in UTF-16, and none of an empty match", async () => {
    const { match } = start("a+|€");
    expect(await match(["xaay€a", "b", ""])).toEqual([
      [
        [1, 3],
        [4, 5],
        [5, 6],
      ],
      null,
      null,
    ]);
    matcher?.close();
    expect(await start("q*").match(["a"])).toEqual([[]]);
    matcher?.close();
    expect(await start("ERROR", { ignoreCase: true }).match(["an error"])).toEqual([[[3, 8]]]);
  });

  it("answers questions that are asked at once, each with its own", async () => {
    const { match } = start("1");
    const answers = await Promise.all([match(["1"]), match(["2"]), match(["21"])]);
    expect(answers).toEqual([[[[0, 1]]], [null], [[[1, 2]]]]);
  });

  it("refuses what is no expression", () => {
    expect(() => start("(")).toThrow(/grep/);
  });

  it("ends one that takes too long, while this thread goes on", async () => {
    const { match } = start("(a+)+$", { endless: true });
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 50);
    const began = performance.now();
    await expect(match([`${"a".repeat(40)}!`])).rejects.toMatchObject({ problem: { code: "pattern-too-slow" } });
    clearInterval(timer);
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(turns).toBeGreaterThan(10);
  });

  it("begins no more than a few at once, and another one when one has ended", () => {
    const all = Array.from({ length: 8 }, () => createMatcher("a", { ignoreCase: false, endless: false }));
    expect(() => start("b")).toThrow(/Too many searches/);
    all[0]?.close();
    start("b").close();
    for (const one of all) one.close();
  });
});

describe("a search", () => {
  it("shows the lines that match, over records and files", async () => {
    await log.write("one\ntw");
    await log.write("o\nthree");
    await log.rotate();
    await log.write(" and a half\r\nfour");
    expect(await search("o$|half$")).toEqual(["two\n", "three and a half\r\n"]);
    expect(await search("^(three|four)")).toEqual(["three and a half\r\n", "four"]);
    expect(await search("nothing")).toEqual([]);
  });

  it.each([0, 1, 2, 7, 50, 1_000])("finds the last %i matches as a search of everything does", async (tail) => {
    const lines = Array.from({ length: 40_000 }, (_, number) => `${number % 3 ? "noise" : "signal"} ${number}\n`);
    const text = lines.join("");
    // Records that end in the middle of lines, and more of them than one segment of the index holds.
    for (let at = 0; at < text.length; at += 5_003) {
      if (at % 200_120 === 0 && at > 0) await log.rotate();
      await log.write(text.slice(at, at + 5_003));
    }
    const all = await search("^signal.*[05]$");
    expect(all.length).toBeGreaterThan(1_000);
    expect(await search("^signal.*[05]$", { tail })).toEqual(tail === 0 ? [] : all.slice(-tail));
    const before = text.indexOf("signal 30000");
    const kept = all.filter((line) => Number(line.split(" ")[1]) < 30_000);
    expect(await search("^signal.*[05]$", { tail, before })).toEqual(tail === 0 ? [] : kept.slice(-tail));
  });
});
