import { beforeEach, expect, it, vi } from "vitest";
import type { FileEntry } from "@/lib/contract/file.ts";
import { draftStore } from "./drafts.ts";

const entry = (etag: string): FileEntry => ({
  name: "notes.txt",
  path: "/srv/notes.txt",
  type: "file",
  sizeBytes: 4,
  mode: 0o644,
  uid: 0,
  gid: 0,
  modifiedAt: "2026-01-01T00:00:00.000Z",
  target: null,
  etag,
});
const { path } = entry("");
let page: EventTarget;

/** Whether the browser would ask before the page is left. */
const asks = () => !page.dispatchEvent(new Event("beforeunload", { cancelable: true }));

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal("window", page);
  draftStore.discard("c", path);
  draftStore.begin("c", { entry: entry("one"), before: "old\n", lineEnd: "\n" });
  return () => vi.unstubAllGlobals();
});

it("keeps what was typed, on top of the version that it was begun with", () => {
  expect(asks()).toBe(false);
  draftStore.type("c", path, "mine\n");
  expect(draftStore.get("c", path)).toMatchObject({ text: "mine\n", before: "old\n", entry: { etag: "one" } });
  expect(draftStore.get("other", path)).toBeNull();
  expect(asks()).toBe(true);
  draftStore.discard("c", path);
  expect([draftStore.get("c", path), asks()]).toEqual([null, false]);
});

it("ends when all was saved, and goes on from there with what was typed meanwhile", () => {
  draftStore.type("c", path, "mine, more\n");
  draftStore.saved("c", "mine\n", entry("two"));
  expect(draftStore.get("c", path)).toMatchObject({ text: "mine, more\n", before: "mine\n", entry: { etag: "two" } });
  draftStore.saved("c", "mine, more\n", entry("three"));
  expect([draftStore.get("c", path), asks()]).toEqual([null, false]);
});
