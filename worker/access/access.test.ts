import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KnownPerson } from "../../lib/contract/access.ts";
import { CreateToken } from "../../lib/contract/token.ts";
import { testAddon } from "../testing/test-addon.ts";
import { type KeptAccess, openAccess } from "./access.ts";

let folder: string;
let path: string;
let access: KeptAccess;

const reopen = () => openAccess(path, testAddon);
const asked = (given: object = {}) => CreateToken.parse({ name: "deploy", role: "operator", ...given });
const ann: KnownPerson = { id: "ann", name: "Ann", role: "operator", disabled: false };
const code = (problem: string) => expect.objectContaining({ problem: expect.objectContaining({ code: problem }) });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "minirun-test-access-"));
  path = join(folder, "access.json");
  access = await reopen();
  await access.merge([ann, { ...ann, id: "bob", name: "Bob", role: "viewer" }], []);
});
afterEach(() => rm(folder, { recursive: true }));

describe("API tokens", () => {
  it("are kept as hashes, for root alone, and hold after a restart", async () => {
    const { token, id } = await access.createToken("operator", asked());
    expect(token).toMatch(/^mrt_[\w-]{43}$/);
    expect(await readFile(path, "utf8")).not.toContain(token.slice(4));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await reopen()).require(`token:${id}`, "operator")).toMatchObject({ name: "deploy", role: "operator" });
  });

  it("are never more than their maker, then and later", async () => {
    await expect(access.createToken("ann", asked({ role: "administrator" }))).rejects.toEqual(code("forbidden"));
    await expect(access.createToken("stranger", asked())).rejects.toEqual(code("forbidden"));
    const { id } = await access.createToken("ann", asked());
    const child = await access.createToken(`token:${id}`, asked({ name: "child" }));
    await access.merge([{ ...ann, role: "viewer" }], []);
    expect(() => access.require(`token:${child.id}`, "operator")).toThrow(/viewer/);
    expect(access.require(`token:${child.id}`, "viewer").role).toBe("viewer");
    await access.merge([{ ...ann, disabled: true }], []);
    expect(() => access.require(`token:${child.id}`, "viewer")).toThrow(/revoked or disabled/);
    expect(access.listTokens("operator").map(({ state }) => state)).toEqual(["suspended", "suspended"]);
  });

  it("end with the token that made them, and when they expire", async () => {
    const parent = await access.createToken("operator", asked());
    const child = await access.createToken(`token:${parent.id}`, asked());
    const short = await access.createToken("operator", asked({ expiresAt: new Date(Date.now() + 60).toISOString() }));
    await access.revokeToken("operator", parent.id);
    for (const { id } of [parent, child]) expect(() => access.require(`token:${id}`, "viewer")).toThrow();
    await expect.poll(() => access.listTokens("operator").find(({ id }) => id === short.id)?.state).toBe("expired");
    expect(() => access.require(`token:${short.id}`, "viewer")).toThrow();
  });

  it("are seen and revoked by their maker, themselves and administrators", async () => {
    const { id } = await access.createToken("ann", asked());
    const other = await access.createToken("operator", asked());
    expect(access.listTokens("ann").map((token) => token.id)).toEqual([id]);
    expect(access.listTokens("bob")).toEqual([]);
    expect(access.listTokens("operator")).toHaveLength(2);
    for (const asker of ["bob", `token:${other.id}`]) {
      await expect(access.revokeToken(asker, id), asker).rejects.toEqual(code("token-not-found"));
    }
    await access.revokeToken(`token:${id}`, id);
    await expect(access.revokeToken("operator", id)).rejects.toEqual(code("token-not-found"));
  });

  it("have their last use written down once a minute", async () => {
    const { id } = await access.createToken("operator", asked());
    await access.noteUse(id);
    const { version, tokens } = access.current;
    expect(tokens[0]?.lastUsedAt).not.toBeNull();
    await access.noteUse(id);
    expect(access.current.version).toBe(version);
  });
});

it("merges what the database knows: what was revoked on either side stays so", async () => {
  const { id } = await access.createToken("operator", asked());
  const [stored] = access.current.tokens;
  if (!stored) throw new Error("there is no token");
  const news: number[] = [];
  access.onChange(({ version }) => news.push(version));
  const revokedAt = new Date().toISOString();
  await access.merge(access.current.people, [{ ...stored, revokedAt }]);
  expect(() => access.require(`token:${id}`, "viewer")).toThrow();
  await access.merge(access.current.people, [stored]);
  expect(() => access.require(`token:${id}`, "viewer")).toThrow();
  expect(news).toHaveLength(1);
  const forgotten = { ...stored, revokedAt: "2020-01-01T00:00:00.000Z" };
  await access.merge([], [{ ...forgotten, id: "3f0d7a55-7a40-4c57-9d0e-2f6f2ba6a9f1" }]);
  expect(access.current.tokens).toHaveLength(1);
});
