import { expect, it } from "vitest";
import { findBarrier, type Look } from "./find-barrier.ts";

const user = { uid: 1000, gid: 100, additionalGids: [27], home: null };
const directory = (mode: number, gid = 0) => ({ type: "directory", mode, uid: 0, gid, target: null }) as const;
const file = (mode: number, uid = 0, gid = 0) => ({ type: "file", mode, uid, gid, target: null }) as const;
const link = (target: string) => ({ type: "symlink", mode: 0o777, uid: 0, gid: 0, target }) as const;
const tree: Record<string, Awaited<ReturnType<Look>>> = {
  "/": directory(0o755),
  "/bin": link("usr/bin"),
  "/usr": directory(0o755),
  "/usr/bin": directory(0o755),
  "/usr/bin/plain": file(0o755),
  "/usr/bin/roots": file(0o700),
  "/usr/bin/sudoers": file(0o750, 0, 27),
  "/usr/bin/own": file(0o677, 1000),
  "/usr/bin/far": link("/closed/../usr/bin/plain"),
  "/usr/bin/round": link("round"),
  "/closed": directory(0o700),
  "/closed/program": file(0o755),
};
const barrier = (path: string, who = user) => findBarrier(async (at) => tree[at] ?? null, path, who);

it("finds what a user may not execute, or not go through, whichever links lead there", async () => {
  expect(await barrier("/bin/roots")).toEqual({ path: "/usr/bin/roots", type: "file", mode: 0o700 });
  expect(await barrier("/closed/program")).toEqual({ path: "/closed", type: "directory", mode: 0o700 });
  expect(await barrier("/bin/far")).toMatchObject({ path: "/closed" });
});

it("counts a user's groups, and takes the owner's bits of what is the user's own", async () => {
  expect(await barrier("/bin/sudoers")).toBeNull();
  expect(await barrier("/bin/sudoers", { ...user, additionalGids: [] })).toMatchObject({ path: "/usr/bin/sudoers" });
  expect(await barrier("/bin/own")).toMatchObject({ path: "/usr/bin/own", mode: 0o677 });
});

it("finds nothing against what may be executed, is not there, or is root's to execute", async () => {
  for (const path of ["/bin/plain", "/usr/bin/nothing", "/bin/round", "/usr/bin/../bin/./plain"]) {
    expect(await barrier(path), path).toBeNull();
  }
  expect(await barrier("/closed/program", { ...user, uid: 0 })).toBeNull();
});
