import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { testAddon } from "../testing/test-addon.ts";
import { openShares } from "./shares.ts";

let folder: string;
const session = randomUUID();
const open = () => openShares(join(folder, "shares.json"), testAddon);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-shares-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

describe("shares", () => {
  it("are known by their code, over a restart, and only their hash is kept", async () => {
    const { code, path } = await (await open()).create(session, 60);
    expect(path).toBe(`/watch#${code}`);
    expect((await open()).find(code).session).toBe(session);
    expect(await readFile(join(folder, "shares.json"), "utf8")).not.toContain(code);
    const shares = await open();
    expect(() => shares.find(`${code}x`)).toThrow(/it never was one/);
  });

  it("end for all who rest on them when whoever shared ends them", async () => {
    const shares = await open();
    const ended: string[] = [];
    const [one, other] = [await shares.create(session, 60), await shares.create(randomUUID(), 60)];
    shares.onEnd(shares.find(one.code).id, () => ended.push("one"));
    shares.onEnd(shares.find(other.code).id, () => ended.push("other"));
    await shares.end(session);
    expect(ended).toEqual(["one"]);
    expect(shares.isShared(session)).toBe(false);
    expect(() => shares.find(one.code)).toThrow();
    const again = await open();
    expect(() => again.find(one.code)).toThrow();
    expect(again.find(other.code).id).not.toBe("");
  });

  it("end by themselves when their time is over", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    const shares = await open();
    const { code } = await shares.create(session, 1);
    const ended = vi.fn();
    shares.onEnd(shares.find(code).id, ended);
    vi.advanceTimersByTime(59_000);
    expect(ended).not.toHaveBeenCalled();
    expect(shares.isShared(session)).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(ended).toHaveBeenCalledOnce();
    expect(shares.isShared(session)).toBe(false);
    expect(() => shares.find(code)).toThrow();
  });

  it("are at most 16 for a session", async () => {
    const shares = await open();
    const first = await shares.create(session, 60);
    const ended = vi.fn();
    shares.onEnd(shares.find(first.code).id, ended);
    for (let i = 0; i < 16; i += 1) await shares.create(session, 60);
    expect(ended).toHaveBeenCalledOnce();
    expect(() => shares.find(first.code)).toThrow();
  });
});
