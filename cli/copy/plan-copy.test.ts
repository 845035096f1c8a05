import { describe, expect, it } from "vitest";
import { parseLocation } from "./location.ts";
import { planCopy, readSource } from "./plan-copy.ts";

describe("parseLocation", () => {
  it.each([
    ["-", { kind: "stream" }],
    ["web:/etc/hosts", { kind: "container", name: "web", path: "/etc/hosts" }],
    ["web:etc", { kind: "container", name: "web", path: "/etc" }],
    ["web:", { kind: "container", name: "web", path: "/" }],
    ["web:/a:b", { kind: "container", name: "web", path: "/a:b" }],
    ["./web:x", { kind: "local", path: "./web:x" }],
    ["/a:b", { kind: "local", path: "/a:b" }],
    ["file", { kind: "local", path: "file" }],
  ])("reads %s", (text, location) => expect(parseLocation(text)).toEqual(location));
});

describe("readSource", () => {
  it.each([
    ["/etc/", "/etc", "etc", false],
    ["/etc/.", "/etc", "etc", true],
    ["/etc/./", "/etc", "etc", true],
    [".", ".", ".", true],
    ["/", "/", "", false],
    ["a/../b", "b", "b", false],
  ])("reads %s", (text, path, name, contentsOnly) => expect(readSource(text)).toEqual({ path, name, contentsOnly }));
});

describe("planCopy", () => {
  const file = { name: "f", isDirectory: false, contentsOnly: false };
  const directory = { name: "d", isDirectory: true, contentsOnly: false };
  const contents = { ...directory, contentsOnly: true };

  it.each([
    ["a file to a new name", file, { path: "/x/new", type: null }, { directory: "/x", name: "new" }],
    ["a file over a file", file, { path: "/x/old", type: "file" }, { directory: "/x", name: "old" }],
    ["a file into a directory", file, { path: "/x/", type: "directory" }, { directory: "/x/", name: "f" }],
    ["a directory to a new name", directory, { path: "/x/new/", type: null }, { directory: "/x", name: "new" }],
    ["a directory into one", directory, { path: "/x", type: "directory" }, { directory: "/x", name: "d" }],
    ["what is in a directory into one", contents, { path: "/x", type: "directory" }, { directory: "/x", name: "" }],
    ["what is in a directory to a new name", contents, { path: "/x", type: null }, { directory: "/", name: "x" }],
    ["a file to a name of this folder", file, { path: "new", type: null }, { directory: ".", name: "new" }],
  ] as const)("copies %s", (_, source, target, plan) => expect(planCopy(source, target)).toEqual(plan));

  it("refuses what would replace a thing by one of another kind", () => {
    expect(() => planCopy(directory, { path: "/x", type: "file" })).toThrow("cannot take the place of /x");
    expect(() => planCopy(file, { path: "/x/", type: null })).toThrow("/x/ does not exist");
    expect(() => planCopy(file, { path: "/x/", type: "file" })).toThrow("/x/ is no directory");
  });
});
