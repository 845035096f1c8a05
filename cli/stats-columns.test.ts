import { describe, expect, it } from "vitest";
import { StatsSample } from "../lib/contract/stats.ts";
import { tableOf } from "./print-table.ts";
import { csvLine, monitorColumns, statsCsvHeader, statsCsvLine } from "./stats-columns.ts";
import { styleFor } from "./style.ts";
import { passedThresholds } from "./thresholds.ts";

const sample = StatsSample.parse({
  containerId: "0a1b2c3d-0000-4000-8000-000000000000",
  name: "web",
  at: "2026-01-02T00:00:00.000Z",
  cpu: { percent: 45, usageSeconds: 9.5, limitCores: 0.5, throttledSeconds: 1, throttledPeriods: 5, periods: 50 },
  memory: {
    currentBytes: 32 * 1024 ** 2,
    peakBytes: null,
    limitBytes: 64 * 1024 ** 2,
    anonBytes: null,
    fileBytes: null,
    kernelBytes: null,
    swapBytes: null,
    oomKills: 0,
  },
  io: { readBytes: 1024, writeBytes: null, readOperations: null, writeOperations: null },
  pids: { current: 9, limit: 10 },
  network: null,
  pressure: { cpu: { some: 12.4, full: null }, memory: null, io: null },
});

it("shows a dash for what the kernel does not tell", () => {
  const line = tableOf(monitorColumns, [sample], styleFor({ isTTY: false })).split("\n")[1];
  expect(line?.split(/\s{2,}/)).toEqual([
    "web",
    "45.0 %",
    "32 MiB / 64 MiB",
    "50.0 %",
    "- / -",
    "1 KiB / -",
    "9",
    "90.0 %",
    "10.0 %",
    "0",
    "12 / - / -",
  ]);
});

it("writes a CSV line with as many fields as its header", () => {
  expect(statsCsvLine(sample).split(",")).toHaveLength(statsCsvHeader.split(",").length);
  expect(csvLine(['say "hi"', "a,b", null, 3])).toBe('"say ""hi""","a,b",,3');
});

describe("passedThresholds", () => {
  it("measures each against the container's own limit", () => {
    expect(passedThresholds(sample, { maxCpu: 80, maxMemory: 50, maxPids: 89 })).toEqual([
      "web uses 90.0 % of its CPU limit, more than 80 %",
      "web uses 90.0 % of its process limit, more than 89 %",
    ]);
  });

  it("finds nothing where there is no figure or no threshold", () => {
    expect(passedThresholds({ ...sample, cpu: { ...sample.cpu, limitCores: null } }, { maxCpu: 0 })).toEqual([]);
    expect(passedThresholds(sample, {})).toEqual([]);
  });
});
