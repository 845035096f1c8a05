import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Credential, Principal } from "../lib/contract/principal.ts";
import { createPrincipals } from "./principals.ts";
import { signSession } from "./session-cookie.ts";

const secrets = { tokenHash: createHash("sha256").update("right").digest("hex"), sessionSecret: "ab".repeat(32) };
const signed = signSession("operator", secrets.sessionSecret);
const cookie = `minirun_session=${signed}`;
const credential: Credential = { kind: "token", id: "1", expiresAt: null };
const program: Principal = { id: "token:1", name: "program", role: "viewer", credential };

/** Knows one token, for as long as `held` says. */
let held = true;
const principals = createPrincipals(secrets, [
  {
    ...{ by: "bearer", kind: "token" },
    resolve: async (text) => (held && text === "mrt_1" ? program : null),
    renew: async () => (held ? program : null),
  },
  {
    ...{ by: "cookie", kind: "session" },
    resolve: async (text) => (text.includes("person=1") ? { ...program, id: "person" } : null),
    renew: async () => null,
  },
]);

const whose = async (headers: { authorization?: string; cookie?: string }) =>
  (await principals.resolve(headers))?.id ?? null;

describe("who asks", () => {
  it("is the operator by token or cookie", async () => {
    expect(await whose({ authorization: "Bearer right" })).toBe("operator");
    expect(await whose({ authorization: "bearer  right" })).toBe("operator");
    expect(await whose({ cookie })).toBe("operator");
  });

  it("is nobody without credentials, or with ones that do not hold", async () => {
    expect(await whose({})).toBeNull();
    expect(await whose({ authorization: "Bearer wrong" })).toBeNull();
    expect(await whose({ authorization: "Basic right" })).toBeNull();
    const foreign = signSession("somebody", secrets.sessionSecret);
    expect(await whose({ cookie: `minirun_session=${foreign}` })).toBeNull();
  });

  it("is who a resolver knows, each asked for its own kind of credentials alone", async () => {
    expect(await whose({ authorization: "Bearer mrt_1" })).toBe("token:1");
    expect(await whose({ cookie: "person=1" })).toBe("person");
    expect(await whose({ cookie: "mrt_1" })).toBeNull();
    expect(await whose({ authorization: "Bearer person=1" })).toBeNull();
  });

  it("is decided by a token even where the cookie would hold", async () => {
    expect(await whose({ authorization: "Bearer wrong", cookie })).toBeNull();
  });
});

it("knows again whom a credential stands for, until it ends", async () => {
  expect(await principals.renew(program)).toEqual(program);
  const ended = { ...credential, expiresAt: new Date(Date.now() - 1).toISOString() };
  expect(await principals.renew({ ...program, credential: ended })).toBeNull();
  held = false;
  expect(await principals.renew(program)).toBeNull();
  const local = await principals.resolve({ cookie });
  expect(local?.credential.id).not.toBe("operator-token");
  expect(local && (await principals.renew(local))).toEqual(local);
});
