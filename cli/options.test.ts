import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settingsOf } from "./container-options.ts";
import {
  readBind,
  readCount,
  readEnvFile,
  readLabel,
  readNetwork,
  readSeconds,
  readSize,
  readVariable,
} from "./options.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "minirun-options-"));
  process.env.MINIRUN_TEST_PASSED = "from here";
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  delete process.env.MINIRUN_TEST_PASSED;
});

it("reads variables as docker does: a value, an empty one, this shell's own, none", () => {
  const read = ["A=b=c", "EMPTY=", "MINIRUN_TEST_PASSED", "MINIRUN_TEST_ABSENT"].reduce(
    (before, text) => readVariable(text, before),
    {},
  );
  expect(read).toEqual({ A: "b=c", EMPTY: "", MINIRUN_TEST_PASSED: "from here" });
  expect(() => readVariable("=x")).toThrow("NAME=VALUE");
});

it("reads a file of variables, which --env goes before", () => {
  const file = join(folder, "env");
  writeFileSync(file, "# comment\n\nA=1\r\n  B='quoted'\nMINIRUN_TEST_PASSED\n");
  const envFile = readEnvFile(file);
  expect(envFile).toEqual({ A: "1", B: "'quoted'", MINIRUN_TEST_PASSED: "from here" });
  expect(settingsOf({ envFile, env: { A: "2" } }).env).toMatchObject({ A: "2", B: "'quoted'" });
  expect(() => readEnvFile(join(folder, "none"))).toThrow("ENOENT");
});

describe("readBind", () => {
  it.each([
    ["/a:/b", { source: "/a", target: "/b", readOnly: false }],
    ["/a:/b:rw", { source: "/a", target: "/b", readOnly: false }],
    ["/a:/b:ro", { source: "/a", target: "/b", readOnly: true }],
  ])("reads %s", (text, bind) => expect(readBind(text)).toEqual([bind]));

  it.each(["/a", "a:/b", "/a:b", "/a:/b:z", "/a:/b:ro:x"])("refuses %s", (text) =>
    expect(() => readBind(text)).toThrow("SOURCE:TARGET"),
  );
});

it("refuses what is no figure", () => {
  expect(readSize("1.5g")).toBe(1.5 * 1024 ** 3);
  expect(() => readSize("lots")).toThrow("64m");
  expect(readSeconds("0.5")).toBe(0.5);
  expect(() => readSeconds("-1")).toThrow("seconds");
  expect(() => readCount("1.5")).toThrow("whole number");
  expect(() => readCount("99999999999999999999")).toThrow("whole number");
});

it("knows docker's name for a network with lo alone", () => {
  expect(readNetwork("none")).toBe("loopback");
  expect(() => readNetwork("bridge")).toThrow("'loopback'");
});

it("sends what was typed and nothing else", () => {
  expect(readLabel("a=b", { c: "" })).toEqual({ a: "b", c: "" });
  expect(settingsOf({})).toEqual({});
  expect(settingsOf({ memory: 64, readOnly: true, label: { a: "" } })).toEqual({
    limits: { memoryBytes: 64 },
    readOnly: true,
    labels: { a: "" },
  });
});
