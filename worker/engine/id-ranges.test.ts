import { chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { IdRange } from "../../lib/contract/container.ts";
import { createIdRanges, firstFree, parseDelegated, rangeOnDisk, rangeSize } from "./id-ranges.ts";

const lowest = firstFree([])?.start ?? 0;
const range = (index: number): IdRange => ({ start: lowest + index * rangeSize, size: rangeSize });

describe("the next range of ids", () => {
  it("is the first that overlaps with no other", () => {
    expect(firstFree([range(0), range(2)])).toEqual(range(1));
    expect(firstFree([{ start: lowest + 5, size: 1 }])).toEqual(range(1));
    expect(firstFree([{ start: 0, size: lowest + 1 }])).toEqual(range(1));
    expect(firstFree([{ start: lowest - 10, size: 10 }])).toEqual(range(0));
  });

  it("lies where nobody else's are, and there is an end to them", () => {
    expect(lowest).toBeGreaterThan(1_879_048_191 - 1);
    expect(firstFree([{ start: 0, size: 2 ** 32 }])).toBeNull();
  });

  it("is given to one alone, however many ask at once", async () => {
    const record = (id: string, idRange: IdRange | null = null) => ({ id, idRange, deletedAt: null as string | null });
    const records = [record("z", range(0)), ...["a", "b", "c", "d", "e"].map((id) => record(id))];
    const of = (id: string) => records.find((one) => one.id === id) ?? record("none");
    const ranges = createIdRanges(() => records);
    const taken = await Promise.all(["a", "b", "c"].map((id) => ranges.take(id)));
    expect(new Set([range(0), ...taken].map((one) => one?.start)).size).toBe(4);
    ranges.release("a");
    expect(await ranges.take("d")).toEqual(taken[0]);
    // Once a record has a range, the record alone says how long.
    of("b").idRange = taken[1] ?? null;
    of("b").deletedAt = "2026-01-01T00:00:00Z";
    expect(await ranges.take("e")).toEqual(taken[1]);
  });
});

it("what /etc/subuid gives is read as it is meant", () => {
  expect(parseDelegated("# none\nalice:100000:65536\nbob:165536:10 \n\nbroken:x:1\n")).toEqual([
    { start: 100_000, size: 65_536 },
    { start: 165_536, size: 10 },
  ]);
});

it("a range is found on disk where no record tells it", () => {
  const folder = mkdtempSync(join(tmpdir(), "minirun-test-"));
  expect(rangeOnDisk(folder)).toBeNull();
  mkdirSync(join(folder, "upper"));
  expect(rangeOnDisk(folder)).toBeNull();
  chownSync(join(folder, "upper"), range(3).start, range(3).start);
  expect(rangeOnDisk(folder)).toEqual(range(3));
  rmSync(folder, { recursive: true });
});
