import { expect, it } from "vitest";
import type { KernelMount } from "@/lib/contract/kernel.ts";
import { mountTree, purposeOf } from "./mount-tree.ts";

const mount = (id: number, parent: number, point: string, change: Partial<KernelMount> = {}): KernelMount => ({
  id,
  parent,
  device: "0:1",
  root: "/",
  point,
  options: [],
  propagation: [],
  type: "tmpfs",
  source: "tmpfs",
  superOptions: [],
  coveredBy: null,
  overlay: null,
  ...change,
});

it("puts mounts below what they are mounted on, over-mounts too", () => {
  const rows = mountTree([
    mount(1, 99, "/"),
    mount(4, 3, "/b"),
    mount(2, 1, "/proc"),
    mount(3, 1, "/b"),
    mount(5, 5, "/x"),
  ]);
  expect(rows.map(({ mount: { id }, depth }) => [id, depth])).toEqual([
    [1, 0],
    [3, 1],
    [4, 2],
    [2, 1],
    [5, 0],
  ]);
});

it("knows what hides and what makes read-only", () => {
  expect(purposeOf(mount(1, 0, "/proc/keys", { source: "minirun-mask", root: "/null" }))).toBe("hides a file");
  expect(purposeOf(mount(1, 0, "/proc/sys", { type: "proc", root: "/sys" }))).toMatch(/read-only/);
  expect(purposeOf(mount(1, 0, "/dev"))).toBeNull();
});
