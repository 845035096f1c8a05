import { expect, it } from "vitest";
import type { FileEntry } from "@/lib/contract/file.ts";
import {
  arrange,
  crumbsOf,
  formatMode,
  formatOctal,
  joinPath,
  nameOf,
  parentOf,
  resolvePath,
  wrongName,
} from "./paths.ts";

const entry = (name: string, change: Partial<FileEntry> = {}): FileEntry => ({
  name,
  path: `/${name}`,
  type: "file",
  sizeBytes: 1,
  mode: 0o644,
  uid: 0,
  gid: 0,
  modifiedAt: "2026-01-01T00:00:00.000Z",
  target: null,
  etag: "e",
  ...change,
});

it("takes paths apart and puts them together", () => {
  expect([parentOf("/a/b"), parentOf("/a"), parentOf("/")]).toEqual(["/a", "/", "/"]);
  expect([nameOf("/a/b"), nameOf("/")]).toEqual(["b", "/"]);
  expect([joinPath("/", "a"), joinPath("/a", "b")]).toEqual(["/a", "/a/b"]);
  expect(resolvePath("/etc", "../var//log/./x/")).toBe("/var/log/x");
  expect(resolvePath("/etc", "/../..")).toBe("/");
  expect(crumbsOf("/a/b").map(({ path }) => path)).toEqual(["/", "/a", "/a/b"]);
});

it("refuses names that are none", () => {
  expect(["", ".", "..", "a/b", "ü".repeat(128)].map((name) => wrongName(name) !== null)).toEqual(Array(5).fill(true));
  expect(wrongName("a b\n")).toBeNull();
});

it("writes permissions as ls does", () => {
  expect(formatMode({ type: "directory", mode: 0o1777 })).toBe("drwxrwxrwt");
  expect(formatMode({ type: "file", mode: 0o4755 })).toBe("-rwsr-xr-x");
  expect(formatMode({ type: "file", mode: 0o2644 })).toBe("-rw-r-Sr--");
  expect(formatOctal(0o644)).toBe("0644");
});

it("lists directories first, numbers by their value, hidden ones on demand", () => {
  const entries = [
    entry("b10"),
    entry("b2"),
    entry(".c"),
    entry("z", { type: "directory" }),
    entry("a", { sizeBytes: 9 }),
  ];
  const names = (options: Partial<Parameters<typeof arrange>[1]>) =>
    arrange(entries, { sort: "name", descending: false, hidden: false, ...options }).map(({ name }) => name);
  expect(names({})).toEqual(["z", "a", "b2", "b10"]);
  expect(names({ hidden: true })).toContain(".c");
  expect(names({ sort: "size", descending: true })).toEqual(["z", "a", "b10", "b2"]);
});
