import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLinks } from "./links.ts";
import { testAddon } from "./testing/test-addon.ts";

describe("one-time links", () => {
  let folder: string;
  let path: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "minirun-test-links-"));
    path = join(folder, "links.json");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("work once, for whom they were made, after a restart too", async () => {
    const code = await openLinks(path, testAddon).create("operator");
    expect(await openLinks(path, testAddon).redeem(code)).toBe("operator");
    await expect(openLinks(path, testAddon).redeem(code)).rejects.toThrow(/used before/);
  });

  it("work once when two redeem at the same moment", async () => {
    const links = openLinks(path, testAddon);
    const code = await links.create("operator");
    const both = await Promise.allSettled([links.redeem(code), links.redeem(code)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("are kept as hashes, for root alone", async () => {
    const code = await openLinks(path, testAddon).create("operator");
    expect(await readFile(path, "utf8")).not.toContain(code);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});
